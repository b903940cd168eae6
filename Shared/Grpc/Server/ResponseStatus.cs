using System.Globalization;
using Grpc.Core;
using Grpc.Core.Framing;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>How a response tells the status: in trailers behind the messages, or in its headers when it has nothing else.</summary>
internal static class ResponseStatus
{
    public static void WriteTrailersOnly(HttpResponse response, Status status, Metadata trailers)
    {
        response.ContentType = HeaderNames.ContentType;
        Write(response.Headers, status, trailers);
    }

    public static void Write(IHeaderDictionary headers, Status status, Metadata trailers)
    {
        headers[HeaderNames.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail))
            headers[HeaderNames.Message] = StatusMessageCodec.Encode(status.Detail);
        AddMetadata(headers, trailers);
    }

    public static void AddMetadata(IHeaderDictionary headers, Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata)
            headers.Append(entry.Key, MetadataCodec.ToHeader(entry));
    }
}
