using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>The responses of a streaming call.</summary>
internal sealed class ResponseStreamReader<TRequest, TResponse>(HttpCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private TResponse? _current;
    private int _reading;

    public TResponse Current => _current ?? throw new InvalidOperationException("No value is available.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        try
        {
            // A read cannot be given up halfway: cancelling it cancels the call.
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static call => ((HttpCall<TRequest, TResponse>)call!).Cancel(), call);
            _current = await call.ReadAsync().ConfigureAwait(false);
            return _current is not null;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
