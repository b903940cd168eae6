namespace Grpc.Core;

/// <summary>Messages as they arrive. One reader at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    T Current { get; }

    Task<bool> MoveNext(CancellationToken cancellationToken);
}
