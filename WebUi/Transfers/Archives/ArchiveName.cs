using Capstan.Shared;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>
/// A name as the archive has it: the same bytes. Only one that a system with other rules would read as a path out of the folder that
/// it is unpacked into (one with a backslash and "..", a backslash at its start, or a drive letter) has its '\' and ':' as %5C and %3A.
/// </summary>
internal static class ArchiveName
{
    public static byte[] Of(FileName name)
    {
        ReadOnlySpan<byte> bytes = name.Span;
        if (!LeadsOut(bytes))
            return name.ToArray();
        List<byte> safe = [];
        foreach (byte b in bytes)
        {
            if (b == '\\')
                safe.AddRange("%5C"u8);
            else if (b == ':')
                safe.AddRange("%3A"u8);
            else
                safe.Add(b);
        }
        return [.. safe];
    }

    private static bool LeadsOut(ReadOnlySpan<byte> name)
    {
        if (name[0] == '\\' || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter((char)name[0])))
            return true;
        foreach (Range part in name.Split((byte)'\\'))
            if (name[part].SequenceEqual(".."u8))
                return true;
        return false;
    }
}
