using System.Diagnostics;

namespace Capstan.Shared.Messages;

/// <summary>What a gateway says to the MDS on its session stream.</summary>
public abstract record ClientMessage;

/// <summary>First on every connection. <see cref="Id"/> none asks for a new session.</summary>
public sealed record SessionOpen(SessionId Id, string ClientName, uint Protocol, bool StrictDeltas) : ClientMessage
{
    /// <summary>Version of the protocol that this source speaks.</summary>
    public const uint CurrentProtocol = 1;
}

/// <summary>An operation under its tid. Results below <see cref="OldestTid"/> may be forgotten; <see cref="Retry"/> is set when it was sent before.</summary>
public sealed record Request(long Tid, long OldestTid, bool Retry, Caller Caller, FsOperation Operation) : ClientMessage
{
    /// <summary>The span that it belongs to, when somebody traces.</summary>
    public ActivityContext Trace { get; init; }
}

/// <summary>
/// Consecutive tids of one caller that all unlink, all move to the trash, or all create with one mode, in one directory: what a bulk change is
/// made of. It means what its requests mean, one after the other.
/// </summary>
public sealed record RequestRun(long FirstTid, long OldestTid, bool Retry, Caller Caller, List<FsOperation> Operations) : ClientMessage
{
    public int Count => Operations.Count;

    public Request this[int index] => new(FirstTid + index, OldestTid, Retry, Caller, Operations[index]);

    public bool Contains(long tid) => tid >= FirstTid && tid < FirstTid + Count;

    /// <summary>The name that an operation of a run is about.</summary>
    public static FileName NameOf(FsOperation operation) => operation switch
    {
        UnlinkOperation unlink => unlink.Name,
        TrashOperation trash => trash.Name,
        _ => ((CreateOperation)operation).Name,
    };

    /// <summary>Whether the two may follow each other in one run.</summary>
    public static bool MayJoin(FsOperation operation, FsOperation next) => (operation, next) switch
    {
        (UnlinkOperation a, UnlinkOperation b) => a.Dir == b.Dir,
        (TrashOperation a, TrashOperation b) => a.Dir == b.Dir && !a.Ino.IsNone && !b.Ino.IsNone, // The answer goes by the number.
        (CreateOperation a, CreateOperation b) => a.Dir == b.Dir && a.Mode == b.Mode && a.Exclusive == b.Exclusive,
        _ => false,
    };
}

/// <summary>Answers a <see cref="CapRevoke"/> with its own seq, always, also for an inode no longer known.</summary>
public sealed record CapAck(InodeId Ino, long Seq, CapBits Retained) : ClientMessage;

/// <summary>Gives a whole record back unasked; honoured only if <see cref="Seq"/> is the last one the MDS issued.</summary>
public sealed record CapRelease(InodeId Ino, long Seq) : ClientMessage;

/// <summary>Every delta of <see cref="Dir"/> up to <see cref="Version"/> has been applied.</summary>
public sealed record DeltaAck(InodeId Dir, DirectoryVersion Version) : ClientMessage;

/// <summary>Extends the lease. <see cref="SentAt"/> is the gateway's own monotonic clock, echoed.</summary>
public sealed record Renew(long OldestTid, long SentAt) : ClientMessage
{
    /// <summary>As the gateway measured it with the renewal before, for those who look at all sessions; zero: not known.</summary>
    public TimeSpan RoundTrip { get; init; }
}

public readonly record struct HeldCap(InodeId Ino, CapBits Bits, DirectoryVersion Version);

/// <summary>After a reconnect and after the repeated requests: the caps this gateway believes it holds. Ends its reclaim.</summary>
public sealed record Reclaim(IReadOnlyList<HeldCap> Caps) : ClientMessage;

public sealed record SessionClose : ClientMessage;

/// <param name="Waited">Somebody waits by now for so many of the next pages.</param>
public sealed record ReaddirCredit(long Tid, int Credits, int Waited = 0) : ClientMessage;

/// <summary>Nobody wants what is still to come. The reply comes all the same, soon.</summary>
public sealed record ReaddirCancel(long Tid) : ClientMessage;
