using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Capstan.Shared.Wire;

/// <summary>What every mapping asks of a field; a field that has no answer of its own throws.</summary>
internal static class WireField
{
    private const CapBits KnownBits = CapBits.All | CapBits.Ax | CapBits.Xx;

    public static T Required<T>(T? field, string what)
        where T : class =>
        field ?? throw new WireException($"{what} is missing.");

    public static long NotNegative(long value, string what) =>
        value >= 0 ? value : throw new WireException($"{what} is negative: {value}.");

    public static int NotNegative(int value, string what) => (int)NotNegative((long)value, what);

    /// <summary>Tids count from 1.</summary>
    public static long Tid(long value) => value > 0 ? value : throw new WireException($"Tid {value} is not positive.");

    public static bool AreCaps(uint bits) => (bits & ~(uint)KnownBits) == 0;

    public static CapBits Caps(uint bits) => AreCaps(bits) ? (CapBits)bits : throw new WireException($"Unknown cap bits: {bits:X}.");

    public static DirectoryVersion Version(long value) => new(NotNegative(value, "Directory version"));

    public static FsErrno Errno(int value) => value is >= 0 and < 4096 ? (FsErrno)value : throw new WireException($"Errno {value} is out of range.");

    public static Guid Guid(ByteString bytes, string what) =>
        bytes.Length == 16 ? new Guid(bytes.Span) : throw new WireException($"{what} has {bytes.Length} bytes instead of 16.");

    /// <summary>The records' arrays are never changed, so the wire may read them where they are.</summary>
    public static ByteString Wrap(byte[] bytes) => bytes.Length == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(bytes);

    /// <summary>The parser gives each bytes field an array of its own, so it can be taken over.</summary>
    public static byte[] TakeBytes(ByteString bytes) =>
        MemoryMarshal.TryGetArray(bytes.Memory, out ArraySegment<byte> segment) && segment is { Offset: 0, Array: byte[] array } && array.Length == segment.Count
            ? array
            : bytes.ToByteArray();
}
