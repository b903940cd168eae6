using System.Net;
using System.Net.Sockets;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>What a failure of HTTP means as a status, by the tables of the gRPC specification.</summary>
internal static class TransportFailure
{
    public static Status ToStatus(Exception failure, string whileDoing)
    {
        StatusCode code = StatusCode.Internal;
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException protocol)
            {
                code = FromHttp2(protocol.ErrorCode);
                break;
            }
            if (e is SocketException or IOException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
                code = StatusCode.Unavailable;
        }
        return new Status(code, $"{whileDoing}: {failure.GetType().Name}: {failure.Message}", failure);
    }

    public static StatusCode FromHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private static StatusCode FromHttp2(long errorCode) => errorCode switch
    {
        7 => StatusCode.Unavailable,        // REFUSED_STREAM
        8 => StatusCode.Cancelled,          // CANCEL
        11 => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => StatusCode.PermissionDenied,  // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
