using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Core.Framing;

/// <summary>
/// What precedes every message on the wire:
/// <code>
/// byte 0      compressed (0 or 1; we never compress)
/// bytes 1..4  length of the message, big-endian
/// </code>
/// </summary>
internal static class FrameHeader
{
    public const int Size = 5;

    /// <summary>The default of every gRPC implementation.</summary>
    public const int DefaultMaxReceiveSize = 4 * 1024 * 1024;

    public static void Write(IBufferWriter<byte> target, int length)
    {
        Span<byte> header = target.GetSpan(Size);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
        target.Advance(Size);
    }

    /// <summary>False when there are fewer bytes than a header. Refuses by the length alone, before a byte of the message is kept.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, int? maxLength, out int length)
    {
        length = 0;
        if (buffer.Length < Size)
            return false;
        Span<byte> header = stackalloc byte[Size];
        buffer.Slice(0, Size).CopyTo(header);
        if (header[0] != 0)
            throw new RpcException(new Status(StatusCode.Unimplemented, "Compressed messages are not supported."));
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (declared > (uint)(maxLength ?? int.MaxValue))
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
        length = (int)declared;
        return true;
    }
}
