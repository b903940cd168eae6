using System.Text;
using System.Text.Unicode;
using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>Names beside one that is taken: "report.txt", "report (2).txt", "report (3).txt". Never over 255 bytes, and never half a character.</summary>
internal static class KeepBothName
{
    public static FileName Of(FileName name, int number, bool isDirectory)
    {
        ReadOnlySpan<byte> bytes = name.Span;
        int dot = isDirectory ? -1 : bytes.LastIndexOf((byte)'.');
        byte[] mark = Encoding.ASCII.GetBytes($" ({number})");
        int room = FileName.MaxLength - mark.Length;
        ReadOnlySpan<byte> extension = dot > 0 && bytes.Length - dot < room ? bytes[dot..] : [];
        ReadOnlySpan<byte> stem = bytes[..(bytes.Length - extension.Length)];
        if (stem.Length > room - extension.Length)
            stem = Cut(stem, room - extension.Length);
        return FileName.Create([.. stem, .. mark, .. extension]);
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> stem, int length)
    {
        ReadOnlySpan<byte> cut = stem[..length];
        if (!Utf8.IsValid(stem))
            return cut;
        while (!Utf8.IsValid(cut))
            cut = cut[..^1];
        return cut;
    }
}
