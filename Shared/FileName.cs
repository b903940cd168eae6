using System.Buffers.Binary;
using System.Text;

namespace Capstan.Shared;

/// <summary>
/// A name of a directory entry: 1 to 255 bytes, no '/', no NUL, neither "." nor "..". Bytes as in POSIX, ordered
/// bytewise; shown as UTF-8 with what is not UTF-8 escaped as \xHH (and then '\' as \\).
/// <c>default</c> is the empty name: no entry has it, it marks "from the start" in a cookie.
/// </summary>
public readonly struct FileName : IEquatable<FileName>, IComparable<FileName>
{
    public const int MaxLength = 255;

    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 over the golden ratio

    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>Names are anybody's to choose: without it they could be chosen to collide.</summary>
    private static readonly ulong HashSeed = unchecked((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue));

    private readonly byte[]? _bytes;

    private FileName(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The bytes themselves, for the wire to take without a copy.</summary>
    internal ReadOnlyMemory<byte> Memory => _bytes;

    public int Length => _bytes?.Length ?? 0;

    public bool IsEmpty => Length == 0;

    /// <summary>Checks and copies. <see cref="FsErrno.Invalid"/> for empty, '.', '..', '/', NUL; <see cref="FsErrno.NameTooLong"/> over 255 bytes.</summary>
    public static FsErrno TryCreate(ReadOnlySpan<byte> bytes, out FileName name)
    {
        name = default;
        if (bytes.Length > MaxLength)
            return FsErrno.NameTooLong;
        if (!IsValid(bytes))
            return FsErrno.Invalid;
        name = new FileName(bytes.ToArray());
        return FsErrno.Ok;
    }

    public static bool IsValid(ReadOnlySpan<byte> bytes) =>
        bytes.Length is > 0 and <= MaxLength && !bytes.SequenceEqual("."u8) && !bytes.SequenceEqual(".."u8) && !bytes.ContainsAny((byte)'/', (byte)0);

    public static FsErrno TryCreate(string text, out FileName name) => TryCreate(Encoding.UTF8.GetBytes(text), out name);

    /// <summary>For names known to be good; throws <see cref="ArgumentException"/> otherwise.</summary>
    public static FileName Create(ReadOnlySpan<byte> bytes) =>
        TryCreate(bytes, out FileName name) == FsErrno.Ok ? name : throw new ArgumentException("Not a file name.", nameof(bytes));

    public static FileName Create(string text) => Create(Encoding.UTF8.GetBytes(text));

    /// <summary>From storage or the wire's cookie field, already checked or allowed to be empty; takes the array.</summary>
    public static FileName FromTrusted(byte[] bytes) => bytes.Length == 0 ? default : new FileName(bytes);

    /// <summary>
    /// The last cookie before this name: no valid name lies between the two, so a listing that goes on after it begins with this name or the first one behind it.
    /// Not a name that anything has to have; empty for "from the start".
    /// </summary>
    public FileName Predecessor
    {
        get
        {
            if (IsEmpty)
                return default;
            ReadOnlySpan<byte> prefix = Span[..^1];
            byte last = Span[^1];
            if (last == 1) // NUL is in no name: nothing lies between
                return prefix.IsEmpty || IsValid(prefix) ? FromTrusted(prefix.ToArray()) : FromTrusted(prefix.ToArray()).Predecessor;
            byte[] before = new byte[MaxLength];
            before.AsSpan().Fill(0xFF);
            prefix.CopyTo(before);
            before[prefix.Length] = (byte)(last - 1 == '/' ? '.' : last - 1);
            return FromTrusted(before);
        }
    }

    public byte[] ToArray() => Span.ToArray();

    public bool Equals(FileName other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is FileName other && Equals(other);

    /// <summary>Eight bytes a step: every operation is entered and found under its name.</summary>
    public override int GetHashCode()
    {
        ReadOnlySpan<byte> rest = Span;
        ulong hash = HashSeed ^ (ulong)rest.Length;
        for (; rest.Length > sizeof(ulong); rest = rest[sizeof(ulong)..])
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest));
        ulong last = rest.Length switch
        {
            >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(rest) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(rest[^4..]) << 32),
            > 0 => rest[0] | ((ulong)rest[rest.Length / 2] << 8) | ((ulong)rest[^1] << 16),
            _ => 0,
        };
        hash = Mix(hash ^ last);
        return (int)(hash ^ (hash >> 32));
    }

    public int CompareTo(FileName other) => Span.SequenceCompareTo(other.Span);

    public static bool operator ==(FileName a, FileName b) => a.Equals(b);
    public static bool operator !=(FileName a, FileName b) => !a.Equals(b);

    /// <summary>Whether the bytes are UTF-8, so that <see cref="ToString"/> shows them unescaped.</summary>
    public bool IsUtf8 => System.Text.Unicode.Utf8.IsValid(Span);

    /// <summary>As shown to people: no two names look the same, and <see cref="TryParse"/> reads it back.</summary>
    public override string ToString() => IsUtf8 && Strict.GetString(Span) is var text && !LooksEscaped(text) ? text : Escape(Span);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static FsErrno TryParse(string shown, out FileName name) =>
        LooksEscaped(shown) && TryUnescape(shown, out byte[] raw) ? TryCreate(raw, out name) : TryCreate(shown, out name);

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, Multiplier, out ulong low);
        return high ^ low;
    }

    /// <summary>Has what only an escaped name has: a doubled backslash, or \xHH. A name that has it in its own text is escaped, too.</summary>
    private static bool LooksEscaped(string text)
    {
        for (int i = text.IndexOf('\\'); i >= 0 && i + 1 < text.Length; i = text.IndexOf('\\', i + 1))
        {
            if (text[i + 1] == '\\' || (text[i + 1] == 'x' && i + 3 < text.Length && char.IsAsciiHexDigit(text[i + 2]) && char.IsAsciiHexDigit(text[i + 3])))
                return true;
        }
        return false;
    }

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done)
                text.Append(rune.Value == '\\' ? @"\\" : rune.ToString());
            else
                foreach (byte b in bytes[..used])
                    text.Append($"\\x{b:X2}");
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    private static bool TryUnescape(string shown, out byte[] raw)
    {
        MemoryStream bytes = new();
        raw = [];
        for (int i = 0; i < shown.Length; i++)
        {
            if (shown[i] != '\\')
            {
                int length = char.IsHighSurrogate(shown[i]) && i + 1 < shown.Length ? 2 : 1;
                bytes.Write(Encoding.UTF8.GetBytes(shown.Substring(i, length)));
                i += length - 1;
            }
            else if (i + 1 < shown.Length && shown[i + 1] == '\\')
            {
                bytes.WriteByte((byte)'\\');
                i++;
            }
            else if (i + 3 < shown.Length && shown[i + 1] == 'x' && byte.TryParse(shown.AsSpan(i + 2, 2), System.Globalization.NumberStyles.HexNumber, null, out byte b))
            {
                bytes.WriteByte(b);
                i += 3;
            }
            else
            {
                return false;
            }
        }
        raw = bytes.ToArray();
        return true;
    }
}
