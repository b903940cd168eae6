using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>A request body of one message. Not pooled: the handler may send it again after it has lost a connection.</summary>
internal sealed class SingleMessageContent<T> : HttpContent
    where T : class
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public SingleMessageContent(MessageFramer<T> framer, T message)
    {
        Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);
        framer.Write(message, _buffer);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <summary>Without a length the handler sends no content-length, as gRPC clients do.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
