using Grpc.Core.Framing;

namespace Grpc.AspNetCore.Server;

/// <summary>Limits of the services of a host.</summary>
public sealed class GrpcServiceOptions
{
    /// <summary>Null: no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Null: no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = FrameHeader.DefaultMaxReceiveSize;

    /// <summary>Tell clients the text of a handler's exception. For development.</summary>
    public bool? EnableDetailedErrors { get; set; }
}
