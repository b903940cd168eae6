using Grpc.Core;
using Grpc.Core.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>The requests of a streaming call: a message is one write and one flush, unless the flags say that more follows.</summary>
internal sealed class RequestStreamWriter<TRequest, TResponse>(HttpCall<TRequest, TResponse> call, StreamingContent content, WriteOptions? options)
    : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly MessageFramer<TRequest> _framer = call.CreateFramer();
    private readonly PooledBuffer _buffer = new();
    private int _writing;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; } = options;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        Enter("Can't write the message because the previous write is in progress.");
        try
        {
            if (_completed)
                throw new InvalidOperationException("Can't write the message because the client stream writer is complete.");
            // Half a message cannot be taken back: cancelling a write cancels the call.
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static call => ((HttpCall<TRequest, TResponse>)call!).Cancel(), call);
            _framer.Write(message, _buffer);
            Stream stream = await content.Stream.ConfigureAwait(false);
            await stream.WriteAsync(_buffer.Written, call.Aborted).ConfigureAwait(false);
            if (WriteOptions is not { } options || !options.Flags.HasFlag(WriteFlags.BufferHint))
                await stream.FlushAsync(call.Aborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (RpcException or InvalidOperationException) || call.IsEnded(out _))
        {
            if (!call.IsEnded(out Status status))
                throw new RpcException(TransportFailure.ToStatus(e, "Error writing the request"));
            throw status.StatusCode == StatusCode.OK
                ? new InvalidOperationException("Can't write the message because the call is complete.", e)
                : call.Failure();
        }
        finally
        {
            _buffer.Clear();
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        Enter("Can't complete the client stream writer because the previous write is in progress.");
        _completed = true;
        content.Complete();
        _buffer.Dispose();
        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    private void Enter(string otherwise)
    {
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            throw new InvalidOperationException(otherwise);
    }
}
