using System.Buffers;
using System.IO.Pipelines;

namespace Grpc.Core.Framing;

/// <summary>
/// Reads messages off a body. A message is parsed where it lies and released before the next read, so at most one
/// message of the permitted size is held.
/// </summary>
internal sealed class MessageReader<T>(PipeReader body, Marshaller<T> marshaller, int? maxLength)
    where T : class
{
    private readonly PayloadContext _context = new();

    /// <summary>Null at the end of the body.</summary>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (result.IsCanceled)
                throw new OperationCanceledException();
            if (FrameHeader.TryRead(buffer, maxLength, out int length) && buffer.Length - FrameHeader.Size >= length)
            {
                ReadOnlySequence<byte> payload = buffer.Slice(FrameHeader.Size, length);
                try
                {
                    return Deserialize(payload);
                }
                finally
                {
                    body.AdvanceTo(payload.End);
                }
            }
            if (result.IsCompleted)
            {
                bool clean = buffer.IsEmpty;
                body.AdvanceTo(buffer.Start, buffer.End);
                return clean ? null : throw new RpcException(new Status(StatusCode.Internal, "Incomplete message."));
            }
            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private T Deserialize(in ReadOnlySequence<byte> payload)
    {
        _context.Payload = payload;
        try
        {
            return marshaller.ContextualDeserializer(_context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Message could not be deserialized.", e));
        }
        finally
        {
            _context.Payload = default;
        }
    }

    private sealed class PayloadContext : DeserializationContext
    {
        public ReadOnlySequence<byte> Payload { get; set; }

        public override int PayloadLength => (int)Payload.Length;

        public override byte[] PayloadAsNewBuffer() => Payload.ToArray();

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => Payload;
    }
}
