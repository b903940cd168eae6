using System.Diagnostics;
using Google.Protobuf;

namespace Capstan.Shared.Wire;

/// <summary>
/// A trace context in 25 bytes: <c>trace id (16) | span id (8) | flags (1)</c>, the binary form of W3C's traceparent.
/// </summary>
internal static class TraceMapping
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;
    private const int Length = TraceIdLength + SpanIdLength + 1;

    public static ByteString ToProto(ActivityContext trace)
    {
        if (trace == default)
            return ByteString.Empty;
        byte[] bytes = new byte[Length];
        trace.TraceId.CopyTo(bytes.AsSpan(0, TraceIdLength));
        trace.SpanId.CopyTo(bytes.AsSpan(TraceIdLength, SpanIdLength));
        bytes[^1] = (byte)trace.TraceFlags;
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    public static ActivityContext Decode(ByteString proto)
    {
        if (proto.IsEmpty)
            return default;
        if (proto.Length != Length)
            throw new WireException($"A trace context of {proto.Length} bytes.");
        ReadOnlySpan<byte> bytes = proto.Span;
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(bytes[..TraceIdLength]),
            ActivitySpanId.CreateFromBytes(bytes.Slice(TraceIdLength, SpanIdLength)),
            (ActivityTraceFlags)(bytes[^1] & 1),
            isRemote: true);
    }
}
