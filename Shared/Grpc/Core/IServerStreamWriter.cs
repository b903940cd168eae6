namespace Grpc.Core;

/// <summary>The responses of a handler.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;
