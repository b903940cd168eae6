using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Framing;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// The responses of a call, serialized straight into the response's pipe: a message is one flush, unless the flags say
/// that more follows. The flush waits while the client reads too slowly.
/// </summary>
internal sealed class ResponseStreamWriter<T>(HttpServerCallContext context, MessageFramer<T> framer) : IServerStreamWriter<T>
    where T : class
{
    private const string CallComplete = "Can't write the message because the request is complete.";

    private int _writing;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        if (context.CancellationToken.IsCancellationRequested || !context.TryBeginWrite())
        {
            Volatile.Write(ref _writing, 0);
            throw new InvalidOperationException(CallComplete);
        }
        try
        {
            bool flush = (WriteOptions ?? context.WriteOptions) is not { } options || !options.Flags.HasFlag(WriteFlags.BufferHint);
            await context.StartAsync(flush: false).ConfigureAwait(false);
            PipeWriter body = context.HttpContext.Response.BodyWriter;
            framer.Write(message, body);
            if (flush)
            {
                // Half a message cannot be taken back: cancelling a write cancels the call.
                using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                    static http => ((Microsoft.AspNetCore.Http.HttpContext)http!).Abort(), context.HttpContext);
                FlushResult result = await body.FlushAsync(context.CancellationToken).ConfigureAwait(false);
                if (result.IsCompleted && context.CancellationToken.IsCancellationRequested)
                    throw new InvalidOperationException(CallComplete);
            }
        }
        finally
        {
            context.EndWrite();
            Volatile.Write(ref _writing, 0);
        }
    }
}
