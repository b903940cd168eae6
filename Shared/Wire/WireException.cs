using Grpc.Core;

namespace Capstan.Shared.Wire;

/// <summary>A frame that makes no sense as a whole: nothing in it can be answered, so the connection ends.</summary>
public sealed class WireException(string message) : Exception(message)
{
    /// <summary>As the peer shall see it.</summary>
    public RpcException ToRpcException() => new(new Status(StatusCode.InvalidArgument, Message));
}
