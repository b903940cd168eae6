using Grpc.Core;
using Grpc.Core.Framing;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The requests of a streaming call.</summary>
internal sealed class RequestStreamReader<T>(HttpServerCallContext context, MessageReader<T> reader) : IAsyncStreamReader<T>
    where T : class
{
    private T? _current;
    private int _reading;
    private bool _ended;

    public T Current => _current ?? throw new InvalidOperationException("No value is available.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        try
        {
            if (_ended)
                return false;
            _current = cancellationToken.CanBeCanceled && cancellationToken != context.CancellationToken
                ? await ReadAsync(cancellationToken).ConfigureAwait(false)
                : await reader.ReadAsync(context.CancellationToken).ConfigureAwait(false);
            _ended = _current is null;
            return !_ended;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    private async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.CancellationToken);
        return await reader.ReadAsync(either.Token).ConfigureAwait(false);
    }
}
