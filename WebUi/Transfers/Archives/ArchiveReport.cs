using System.Globalization;
using System.Text;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Archives;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>What could not be packed, for the person who unpacks: the last file of the archive, if there is anything to say.</summary>
internal sealed class ArchiveReport
{
    private const int MaxLines = 20_000;

    private readonly StringBuilder _lines = new();
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Add(byte[] path, string reason)
    {
        if (++_count <= MaxLines)
            _lines.Append(NameText.Visible(ShownPath(path))).Append(": ").Append(reason).Append("\r\n");
    }

    public byte[] ToBytes()
    {
        string more = _count > MaxLines ? $"… and {_count - MaxLines} more.\r\n" : "";
        string head = _count == 1 ? "This could not be put into the archive:" : string.Create(CultureInfo.InvariantCulture, $"These {_count:N0} could not be put into the archive:");
        return Encoding.UTF8.GetBytes($"\uFEFF{head}\r\n\r\n{_lines}{more}");
    }

    /// <summary>A name for it that nothing at the top of the archive has.</summary>
    public static byte[] NameBeside(IReadOnlyList<ArchiveRoot> roots)
    {
        HashSet<FileName> taken = [.. roots.Select(r => r.Below.Count > 0 ? r.Below[0] : r.Entry.Name)];
        string name = "NOT IN THIS ARCHIVE.txt";
        while (taken.Contains(FileName.Create(name)))
            name = "_" + name;
        return Encoding.UTF8.GetBytes(name);
    }

    private static string ShownPath(byte[] path) =>
        string.Join('/', Encoding.Latin1.GetString(path).Split('/').Select(part => FileName.FromTrusted(Encoding.Latin1.GetBytes(part)).ToString()));
}
