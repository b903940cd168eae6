using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>A list of failures for a file: one line each, complete.</summary>
public static class FailureText
{
    /// <summary>Where the list of a job's failures is served, without its ending.</summary>
    public static string AddressOf(OperationJob job) => $"/jobs/{job.Id}/failures";

    public static string AddressOf(InodeId folder) => $"/folders/{folder}/failures";

    public static string PathOf(JobFailure failure) => string.Join('/', failure.Path.Select(NameText.Of));

    /// <summary>For people: path, tabulator, reason. A name cannot break its line.</summary>
    public static string Line(JobFailure failure) => $"{PathOf(failure)}\t{ErrorText.Of(failure.Errno).Title}\n";

    public const string CsvHead = "path,errno,reason\r\n";

    /// <summary>As RFC 4180 has it. Names as they are shown, with bytes that are not UTF-8 as \xHH; "./" before them, so that no program takes one for a formula.</summary>
    public static string CsvLine(JobFailure failure)
    {
        StringBuilder line = new();
        Append(line, "./" + string.Join('/', failure.Path)).Append(',');
        Append(line, failure.Errno.ToString()).Append(',');
        return Append(line, ErrorText.Of(failure.Errno).Sentence).Append("\r\n").ToString();
    }

    private static StringBuilder Append(StringBuilder line, string field) => line.Append('"').Append(field.Replace("\"", "\"\"")).Append('"');
}
