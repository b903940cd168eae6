using Grpc.Core.Framing;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel reaches its server.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Null: a <see cref="SocketsHttpHandler"/> of the channel's own.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether disposing the channel disposes <see cref="HttpHandler"/>.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Null: no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Null: no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = FrameHeader.DefaultMaxReceiveSize;

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Cancellation ends a call with <see cref="OperationCanceledException"/> instead of an RpcException.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }
}
