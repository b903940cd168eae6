using System.Diagnostics;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Hosting;

/// <summary>Spans of requests that carry a trace context: from their arrival to their answer's leaving. Runs carry none.</summary>
internal static class MdsTracing
{
    public const string SourceName = "Capstan.Mds";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Begin(Request request)
    {
        if (request.Trace == default || !Source.HasListeners())
            return null;
        Activity? before = Activity.Current;
        Activity? span = Source.StartActivity(OperationName.Of(request.Operation), ActivityKind.Server, request.Trace);
        Activity.Current = before; // Many are open on one stream.
        return span?.SetTag("capstan.tid", request.Tid);
    }

    public static void End(Activity span, Reply reply)
    {
        span.SetTag("capstan.errno", reply.Errno.ToString());
        if (reply.Times is { } times)
            span.SetTag("capstan.parked_ms", times.Parked.TotalMilliseconds).SetTag("capstan.held_ms", times.Held.TotalMilliseconds);
        span.Dispose();
    }
}
