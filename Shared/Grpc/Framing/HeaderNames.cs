namespace Grpc.Core.Framing;

/// <summary>Headers of the protocol itself, and which of a message's headers are none of the application's.</summary>
internal static class HeaderNames
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        Status, Message, Timeout, Encoding, AcceptEncoding,
        "content-type", "content-length", "content-encoding", "te", "host", "connection", "transfer-encoding",
    };

    public static bool IsReserved(string name) => name.Length == 0 || name[0] == ':' || Reserved.Contains(name);

    /// <summary>"application/grpc" and its variants with a suffix or parameters; not grpc-web.</summary>
    public static bool IsGrpcContentType(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');
}
