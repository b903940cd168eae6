namespace Grpc.Core;

/// <summary>The requests of a client.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream of requests; responses may still come.</summary>
    Task CompleteAsync();
}
