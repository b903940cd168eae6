using System.Buffers;
using System.IO.Pipelines;

namespace Grpc.Core.Framing;

/// <summary>Writes header and message to a buffer. A serializer that tells the length first, as protobuf's does, writes in place.</summary>
internal sealed class MessageFramer<T>(Marshaller<T> marshaller, int? maxLength) : SerializationContext
    where T : class
{
    private IBufferWriter<byte>? _target;
    private ArrayBufferWriter<byte>? _unsized;
    private int? _length;
    private bool _headerWritten;
    private bool _completed;

    public void Write(T message, IBufferWriter<byte> target)
    {
        _target = target;
        _length = null;
        _unsized = null;
        _headerWritten = false;
        _completed = false;
        try
        {
            marshaller.ContextualSerializer(message, this);
            if (!_completed)
                throw new InvalidOperationException("The serializer did not complete the message.");
        }
        finally
        {
            _target = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckLength(payloadLength);
        _length = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_length is not int length)
            return _unsized ??= new ArrayBufferWriter<byte>();
        WriteHeader(length);
        return Target;
    }

    public override void Complete()
    {
        if (_unsized is not null)
        {
            Complete(_unsized.WrittenSpan);
            return;
        }
        WriteHeader(_length ?? 0);
        _completed = true;
    }

    public override void Complete(byte[] payload) => Complete(payload.AsSpan());

    private IBufferWriter<byte> Target => _target ?? throw new InvalidOperationException("No message is being written.");

    private void Complete(ReadOnlySpan<byte> payload)
    {
        CheckLength(payload.Length);
        WriteHeader(payload.Length);
        Target.Write(payload);
        _completed = true;
    }

    private void WriteHeader(int length)
    {
        if (_headerWritten)
            return;
        _headerWritten = true;
        // Room for all of it at once, where that spares copies. A pipe takes segments as they come.
        if (Target is not PipeWriter)
            _ = Target.GetSpan(FrameHeader.Size + length);
        FrameHeader.Write(Target, length);
    }

    private void CheckLength(int length)
    {
        if (length > maxLength)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
    }
}
