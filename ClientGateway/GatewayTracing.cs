using System.Diagnostics;
using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>Spans of calls to the gateway. A request that is sent within one carries its context to the MDS, whose span is its child. Without a listener a call costs one look.</summary>
internal static class GatewayTracing
{
    public const string SourceName = "Capstan.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span that a request belongs to; null while nobody listens.</summary>
    public static Activity? Current => Source.HasListeners() ? Activity.Current : null;

    public static Activity? Begin(string call, Caller caller) => Source.HasListeners() ? Start(call, caller) : null;

    /// <summary>For a call that returns before its outcome: the span ends with <paramref name="outcome"/>, and the caller's goes on.</summary>
    public static void EndWith<T>(Activity? span, Task<FsResult<T>> outcome)
    {
        if (span is null)
            return;
        Activity.Current = span.Parent;
        outcome.ContinueWith(
            done =>
            {
                span.SetTag("capstan.errno", done.Result.Errno.ToString());
                span.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static Activity? Start(string call, Caller caller) => Source.StartActivity(call, ActivityKind.Client)?.SetTag("capstan.uid", caller.Uid);
}
