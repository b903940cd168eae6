using System.Globalization;
using System.Text;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>The name of a second file beside one that has the name: "report (2).txt". Bytes that are not UTF-8 stay as they are.</summary>
public static class NameCopy
{
    private const int MaxLength = 255;

    /// <summary>Shortened at a character's boundary when it would be too long.</summary>
    /// <returns>An errno only when no such name can be made.</returns>
    public static FsErrno Of(FileName name, int number, out FileName copy)
    {
        ReadOnlySpan<byte> bytes = name.Span;
        int dot = bytes.LastIndexOf((byte)'.');
        // A leading dot hides a file; it begins no extension. Nor does one before a whole sentence.
        ReadOnlySpan<byte> extension = dot > 0 && bytes.Length - dot <= 16 ? bytes[dot..] : [];
        ReadOnlySpan<byte> stem = bytes[..(bytes.Length - extension.Length)];
        byte[] mark = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" ({number})"));
        int room = MaxLength - mark.Length - extension.Length;
        if (stem.Length > room)
        {
            while (room > 0 && (stem[room] & 0xC0) == 0x80)
                room--;
            stem = stem[..room];
        }
        return FileName.TryCreate([.. stem, .. mark, .. extension], out copy);
    }
}
