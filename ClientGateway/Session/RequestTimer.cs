using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Session;

/// <summary>
/// How long requests take. The clock is read once for all that is asked or sent between two mails, and once a reply or run of
/// replies, so that a bulk change costs nothing a request. Owned by <c>GatewayCore</c>.
/// </summary>
internal sealed class RequestTimer(TimeProvider time, GatewayCounters counters)
{
    private const int SlowOnesKept = 500;

    private readonly Queue<SlowRequest> _slow = [];
    private long _moment;

    /// <summary>A request that took at least so long is kept with its stages.</summary>
    public TimeSpan SlowAfter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Told of each answer, or of a run of them once: the operation, its time, whether it went well. Under the gateway's lock.</summary>
    public Action<string, TimeSpan, bool>? Answered { get; set; }

    /// <summary>Where a directory is, as far as it is known.</summary>
    public Func<InodeId, string?> PathOf { get; set; } = _ => null;

    /// <summary>Newest last.</summary>
    public IReadOnlyCollection<SlowRequest> Slow => _slow;

    /// <summary>Now, or at the beginning of the mail that is being put together.</summary>
    public long Moment => _moment != 0 ? _moment : _moment = time.GetTimestamp();

    /// <summary>A mail has left, or something has come: what follows is another moment.</summary>
    public void NextMoment() => _moment = 0;

    public void Ended(FsOperation operation, long askedAt, long sentAt, int count, FsErrno errno, RequestTimes? times)
    {
        long now = time.GetTimestamp();
        TimeSpan roundTrip = time.GetElapsedTime(sentAt, now);
        counters.RequestTimes.Add(roundTrip);
        Answered?.Invoke(OperationName.Of(operation), roundTrip, errno == FsErrno.Ok);
        TimeSpan queued = time.GetElapsedTime(askedAt, sentAt);
        if (queued + roundTrip < SlowAfter)
            return;
        TimeSpan parked = times?.Parked ?? default, held = times?.Held ?? default;
        TimeSpan served = times is null ? default : Shorter(times.Served, roundTrip);
        (InodeId directory, FileName name, _) = OperationName.TargetOf(operation);
        string path = PathOf(directory) is { } known ? known.TrimEnd('/') : $"inode {directory}";
        _slow.Enqueue(new SlowRequest(
            time.GetUtcNow(), OperationName.Of(operation), directory, name.IsEmpty ? (path.Length == 0 ? "/" : path) : $"{path}/{name}", count, errno,
            queued, roundTrip - served, Shorter(served, served - parked - held), parked, held));
        if (_slow.Count > SlowOnesKept)
            _slow.Dequeue();
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => b < a ? (b < TimeSpan.Zero ? TimeSpan.Zero : b) : a;
}
