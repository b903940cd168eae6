using Capstan.ClientGateway.Attributes;
using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Session;
using Capstan.ClientGateway.SharedCache;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

/// <summary>
/// Every rule of the gateway, without IO: it takes messages and calls, and leaves messages in an outbox. Whoever calls holds
/// <see cref="Gate"/>; no await and no callback into foreign code happens under it. <see cref="FileSystemClient"/> is its face
/// and <c>Session.SessionLoop</c> its connection; a simulation drives it directly.
/// </summary>
internal sealed class GatewayCore
{
    public GatewayCore(GatewayOptions options, TimeProvider time)
    {
        Options = options;
        Time = time;
        Turns = new GateTurns(Gate);
        Session = new GatewaySession(options, time, Counters);
        Caps = new CapTable(Session, time, Counters);
        SharedPages = new SharedPages(Counters);
        Directories = new DirectoryCache(options, Session, Caps, SharedPages, time, Counters);
        Entries = new EntryCache(Directories, Caps);
        Session.Timer.PathOf = ino => Directories.Find(ino)?.Path;
        Operations = new OperationTable(options, Session, Caps, Directories, Entries, time, Counters, Gate);
        Directories.HasOperations = ino => Operations.InFlight(ino) > 0;
    }

    public Lock Gate { get; } = new();

    public GateTurns Turns { get; }

    public GatewayOptions Options { get; }

    public TimeProvider Time { get; }

    public GatewayCounters Counters { get; } = new();

    public GatewaySession Session { get; }

    public CapTable Caps { get; }

    /// <summary>Asked before the MDS once a directory's version is known; off unless somebody answers.</summary>
    public SharedPages SharedPages { get; }

    public bool HasSharedCache => SharedPages.Wake is not null;

    public DirectoryCache Directories { get; }

    public EntryCache Entries { get; }

    public OperationTable Operations { get; }

    /// <summary>For good.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>From any thread, at any time: what no longer fits is given up at once.</summary>
    public CacheLimits Limits
    {
        get
        {
            lock (Gate)
                return new CacheLimits(Directories.Budget.Budget, Directories.MaxReadaheadPages);
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value.PageBudgetBytes);
            ArgumentOutOfRangeException.ThrowIfNegative(value.MaxReadaheadPages);
            lock (Gate)
            {
                Directories.Budget.Budget = value.PageBudgetBytes;
                Directories.MaxReadaheadPages = value.MaxReadaheadPages;
                Directories.Budget.Reclaim(null);
            }
        }
    }

    public void Connected() => Session.Connected();

    public void Disconnected() => Session.Disconnected();

    /// <summary>For good: says goodbye, and every operation that has not ended fails.</summary>
    public void Close()
    {
        IsClosed = true;
        Session.Close();
        Operations.FailAll(FsErrno.NotConnected);
    }

    /// <summary>Nobody waits for this read any more.</summary>
    public void Abandon(long tid)
    {
        Session.Abandon(tid);
        Operations.Pump();
    }

    public void Receive(ServerMessage message)
    {
        Session.Tap?.Received(message);
        switch (message)
        {
            case Reply reply:
                Session.OnReply(reply);
                foreach (VersionSpan span in reply.Changed)
                    Session.AckDelta(span.Dir, span.To);
                Operations.Pump(); // Also a read's answer makes room.
                break;
            case ReplyRun run:
                Operations.OnReplies(run, Session.OnReplies(run));
                if (run.Changed is var (dir, from))
                    Session.AckDelta(dir, new DirectoryVersion(from.Value + run.Count));
                Operations.Pump();
                break;
            case PageMessage page:
                Session.OnPage(page);
                Operations.Pump(); // A tree that is being removed goes on with it.
                break;
            case DirectoryDelta delta:
                Directories.OnDelta(delta);
                Session.AckDelta(delta.Dir, delta.To);
                break;
            case CapGrant grant:
                Caps.OnGrant(grant);
                Directories.OnGrant(grant);
                break;
            case CapRevoke revoke:
                if (Directories.Find(revoke.Ino) is { } revoked)
                    revoked.Revokes++;
                if (Caps.OnRevoke(revoke).HasFlag(CapBits.Fs))
                {
                    // The MDS takes Fs back of a directory that is gone: the next reader asks, and is told so.
                    Directories.OnCapsLost(revoke.Ino, asOfNow: true);
                    Directories.OnUntoldChange(revoke.Ino);
                }
                break;
            case Renewed renewed:
                Session.OnRenewed(renewed);
                break;
            case SessionOpened opened:
                bool voided = Session.OnOpened(opened);
                Session.SendReclaim(Caps.BeginReclaim(voided, ino => Directories.Find(ino)?.Version ?? default));
                break;
            case Reclaimed:
                Lost(Caps.EndReclaim());
                Session.OnReclaimed();
                Operations.Pump();
                break;
            case Recall recall:
                Counters.Recalls++;
                ReleaseDownTo(recall.Target);
                break;
            case SessionStale:
                Lost(Caps.DropAll());
                Session.OnStale();
                break;
            case Told told:
                Session.OnTold(told);
                break;
            case SessionEvicted:
                Session.OnEvicted();
                Lost(Caps.DropAll());
                break;
            default:
                throw new InvalidOperationException($"Unknown message {message.GetType().Name}.");
        }
        Directories.DropIdle();
    }

    /// <summary>
    /// What is to be waited for before anybody is told that a change of this directory, asked for beside the stream and answered, has been
    /// done: whoever is told finds it in this gateway's listings. Null: nothing (more).
    /// </summary>
    public Task? UntilSeen(ToldMark mark, InodeId dir)
    {
        if (!mark.Come.IsCompleted)
            return mark.Come;
        if (mark.IsLost && Session.State != SessionState.Closed)
        {
            // Any answer comes behind what was told before; this one asks for nothing besides.
            if (mark.Instead is null)
                Session.Send(Caller.Root, new SettleOperation(dir), mark.Instead = new ReadCall());
            if (!mark.Instead.Reply.IsCompleted)
                return mark.Instead.Reply;
        }
        Directories.OnUntoldChange(dir);
        return null;
    }

    /// <summary>Gives back the records of directories that nobody looks at, least recently validated first.</summary>
    public int ReleaseDownTo(int target)
    {
        int released = 0;
        if (Session.State != SessionState.Open)
            return released;
        int surplus = Caps.Records.Count - target;
        foreach (CapRecord record in Caps.Records.OrderBy(r => Directories.Find(r.Ino)?.ValidatedAt ?? 0).ToArray())
        {
            if (released >= surplus)
                break;
            if (Directories.Find(record.Ino) is { Viewers: > 0 } || record.References > 0 || Operations.InFlight(record.Ino) > 0)
                continue;
            Caps.Release(record.Ino);
            Directories.OnCapsLost(record.Ino, asOfNow: true);
            released++;
        }
        return released;
    }

    private void Lost(List<InodeId> inos)
    {
        foreach (InodeId ino in inos)
            Directories.OnCapsLost(ino, asOfNow: false);
    }
}
