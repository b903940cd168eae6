using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Capstan.WebUi.Administration;

/// <summary>A table as a file: CSV after RFC 4180, or JSON. Numbers are numbers, durations are seconds, times are ISO 8601.</summary>
internal static class TableFile
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteCsvAsync(IDataTable table, TextWriter writer)
    {
        await writer.WriteAsync(string.Join(',', table.Heads.Select(h => Quoted(h.Id))) + "\r\n");
        foreach (object?[] row in table.Values())
            await writer.WriteAsync(string.Join(',', row.Select(Quoted)) + "\r\n");
        await writer.FlushAsync();
    }

    public static Task WriteJsonAsync(IDataTable table, Stream stream, CancellationToken cancellation = default) => JsonSerializer.SerializeAsync(
        stream, table.Values().Select(row => table.Heads.Zip(row).ToDictionary(c => c.First.Id, c => c.Second)), Options, cancellation);

    /// <summary>What a spreadsheet would take for a formula is told to be text.</summary>
    private static string Quoted(object? value)
    {
        string text = value switch
        {
            null => "",
            DateTimeOffset at => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        if (value is string && text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }
}
