namespace Grpc.Core;

/// <summary>Takes messages, one at a time: a write begins when the one before has ended.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Of the writes that follow; null means the call's own.</summary>
    WriteOptions? WriteOptions { get; set; }

    Task WriteAsync(T message);

    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
            throw new NotSupportedException("Cancellation of stream writes is not supported by this writer.");
        return WriteAsync(message);
    }
}
