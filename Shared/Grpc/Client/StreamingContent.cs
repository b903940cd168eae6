using System.Net;
using System.Net.Http.Headers;
using Grpc.Core.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>A request body that is written while the response is read: hands its stream out and stays open until told.</summary>
internal sealed class StreamingContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamingContent() => Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);

    /// <summary>The body, once the request is on its way; cancelled when it never will be.</summary>
    public Task<Stream> Stream => _stream.Task;

    public void Complete() => _completed.TrySetResult();

    /// <summary>The call is over: nobody will read what is written.</summary>
    public void Abort()
    {
        _stream.TrySetCanceled();
        _completed.TrySetCanceled();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The request headers go out now: a server may answer before the first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _stream.TrySetResult(stream);
        await _completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
