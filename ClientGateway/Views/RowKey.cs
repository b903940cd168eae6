using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>
/// Sort keys: byte strings whose bytewise order is the order of the rows, so that one comparison serves every sort.
/// <code>
///   directory first (0) or not (1)
///   Size, Modified: how many significant bytes, the bytes, big-endian          complemented when descending
///   Type: kind, folded extension, 0
///   the name's natural key, 0                                                  complemented when descending by name
/// </code>
/// Natural key: text folded to lower case; a run of n digits without its leading zeros as ('0' + n, digits), from nine on as ('9', n, digits).
/// Names never hold a NUL and text never a digit, so no key is another's beginning. Rows with equal keys differ in their raw names only.
/// </summary>
internal static class RowKey
{
    /// <summary>Bytes that hold any key: folding a letter and marking a digit at most double a name, an extension comes twice.</summary>
    public const int MaxLength = 1024;

    public static int Write(ViewSpec spec, ReadOnlySpan<byte> name, in PageRow row, Span<byte> key)
    {
        if (spec.Sort == SortColumn.Stored)
        {
            name.CopyTo(key);
            key[name.Length] = 0;
            return name.Length + 1;
        }
        int at = WritePrimary(spec, name, row, key);
        int start = at;
        at += WriteNatural(name, key[at..]);
        key[at++] = 0;
        if (spec is { Sort: SortColumn.Name, Descending: true })
            Complement(key[start..at]);
        return at;
    }

    /// <summary>What comes before the name's natural key.</summary>
    public static int WritePrimary(ViewSpec spec, ReadOnlySpan<byte> name, in PageRow row, Span<byte> key)
    {
        FileKind kind = (FileKind)(row.Mode >> 12);
        key[0] = kind == FileKind.Directory ? (byte)0 : (byte)1;
        int at = 1;
        switch (spec.Sort)
        {
            case SortColumn.Size:
                at += WriteNumber((ulong)row.Size, key[at..]);
                break;
            case SortColumn.Modified:
                at += WriteNumber((ulong)row.MtimeNs ^ (1UL << 63), key[at..]);
                break;
            case SortColumn.Type:
                key[at++] = (byte)kind;
                at += Fold(ExtensionOf(name), key[at..]);
                key[at++] = 0;
                break;
        }
        if (spec.Descending && at > 1)
            Complement(key[1..at]);
        return at;
    }

    /// <summary>Lower case as far as names can be told from each other by eye: rune by rune, without a culture. What is not UTF-8 stays.</summary>
    public static int Fold(ReadOnlySpan<byte> text, Span<byte> folded)
    {
        int at = 0;
        while (!text.IsEmpty)
        {
            byte b = text[0];
            if (b < 0x80)
            {
                folded[at++] = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
                text = text[1..];
                continue;
            }
            at += FoldRune(ref text, folded[at..]);
        }
        return at;
    }

    /// <summary>Without its end.</summary>
    public static int WriteNatural(ReadOnlySpan<byte> name, Span<byte> key)
    {
        int at = 0;
        while (!name.IsEmpty)
        {
            byte b = name[0];
            if ((uint)(b - '0') <= 9)
            {
                at += WriteDigits(ref name, key[at..]);
            }
            else if (b < 0x80)
            {
                key[at++] = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
                name = name[1..];
            }
            else
            {
                at += FoldRune(ref name, key[at..]);
            }
        }
        return at;
    }

    private static int WriteDigits(ref ReadOnlySpan<byte> name, Span<byte> key)
    {
        int end = name.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end < 0)
            end = name.Length;
        ReadOnlySpan<byte> digits = name[..end].TrimStart((byte)'0');
        name = name[end..];
        int at = 0;
        key[at++] = (byte)('0' + Math.Min(digits.Length, 9));
        if (digits.Length >= 9)
            key[at++] = (byte)digits.Length;
        digits.CopyTo(key[at..]);
        return at + digits.Length;
    }

    private static int FoldRune(ref ReadOnlySpan<byte> text, Span<byte> to)
    {
        if (Rune.DecodeFromUtf8(text, out Rune rune, out int used) != System.Buffers.OperationStatus.Done)
        {
            text[..used].CopyTo(to);
            text = text[used..];
            return used;
        }
        text = text[used..];
        Rune lower = Rune.ToLowerInvariant(rune);
        // Digits of other scripts stay text, and text never holds a digit or a NUL.
        return lower.EncodeToUtf8(to);
    }

    private static ReadOnlySpan<byte> ExtensionOf(ReadOnlySpan<byte> name)
    {
        int dot = name.LastIndexOf((byte)'.');
        return dot <= 0 ? default : name[(dot + 1)..];
    }

    private static int WriteNumber(ulong value, Span<byte> key)
    {
        int length = (64 - BitOperations.LeadingZeroCount(value) + 7) / 8;
        key[0] = (byte)length;
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        bytes[(8 - length)..].CopyTo(key[1..]);
        return length + 1;
    }

    private static void Complement(Span<byte> bytes)
    {
        foreach (ref byte b in bytes)
            b = (byte)~b;
    }
}
