using System.Globalization;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Administration;

/// <summary>
/// Listens to the conversation with the MDS and writes down, in words, what touches one path: the entry itself and, of a directory, what is in it.
/// </summary>
internal sealed class PathTrace(GatewayCore core, string path, InodeAddress target) : IPathTrace, IMessageTap
{
    private const int MaxLines = 10_000;

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly List<string> _lines = [];
    private readonly HashSet<long> _tids = [];
    private long _started;

    public string Path => path;

    public DateTimeOffset StartedAt { get; private set; }

    public bool IsRunning
    {
        get
        {
            lock (core.Gate)
                return core.Session.Tap == this && !EndsNow();
        }
    }

    public void Start()
    {
        lock (core.Gate)
        {
            StartedAt = core.Time.GetUtcNow();
            _started = core.Time.GetTimestamp();
            core.Session.Tap = this;
        }
    }

    public IReadOnlyList<string> Lines(int from = 0)
    {
        lock (core.Gate)
            return from >= _lines.Count ? [] : _lines.GetRange(from, _lines.Count - from);
    }

    public void Dispose()
    {
        lock (core.Gate)
        {
            if (core.Session.Tap == this)
                core.Session.Tap = null;
        }
    }

    public void Sent(ClientMessage message)
    {
        if (EndsNow())
            return;
        switch (message)
        {
            case Request request when Touches(request.Operation):
                _tids.Add(request.Tid);
                Write($"→ {Words(request.Operation)}, request {request.Tid}{(request.Retry ? ", sent again" : "")}, for uid {request.Caller.Uid}");
                break;
            case RequestRun run when run.Operations.Exists(Touches):
                for (int i = 0; i < run.Count; i++)
                {
                    if (Touches(run.Operations[i]))
                        _tids.Add(run.FirstTid + i);
                }
                Write($"→ {run.Count} times {OperationName.Of(run.Operations[0])} in one run, requests {run.FirstTid} to {run.FirstTid + run.Count - 1}, for uid {run.Caller.Uid}");
                break;
            case CapAck ack when Is(ack.Ino):
                Write($"→ revoke {ack.Seq} of {Name(ack.Ino)} answered, {Bits(ack.Retained)} kept");
                break;
            case CapRelease release when Is(release.Ino):
                Write($"→ caps of {Name(release.Ino)} given back");
                break;
            case DeltaAck ack when Is(ack.Dir):
                Write($"→ changes of {Name(ack.Dir)} applied up to version {ack.Version}");
                break;
            case ReaddirCredit credit when _tids.Contains(credit.Tid):
                Write($"→ {credit.Credits} more pages for request {credit.Tid}");
                break;
        }
    }

    public void Received(ServerMessage message)
    {
        if (EndsNow())
            return;
        switch (message)
        {
            case Reply reply when _tids.Remove(reply.Tid):
                Write($"← request {reply.Tid}: {(reply.Errno == FsErrno.Ok ? "done" : reply.Errno)}{(reply.Changed.Count > 0 ? $", version {reply.Changed[0].To}" : "")}{Words(reply.Times)}");
                break;
            case ReplyRun run when _tids.RemoveWhere(tid => tid >= run.FirstTid && tid < run.FirstTid + run.Count) > 0:
                Write($"← requests {run.FirstTid} to {run.FirstTid + run.Count - 1}: done{(run.Changed is var (_, from) ? $", version {from.Value + run.Count}" : "")}");
                break;
            case PageMessage page when _tids.Contains(page.Tid):
                Write($"← a page of {page.Page.Length} bytes for request {page.Tid}");
                break;
            case CapGrant grant when Is(grant.Ino):
                Write($"← caps of {Name(grant.Ino)}: {Bits(grant.Bits)}, at version {grant.Version}{(grant.IsUnsettled ? ", which others may not have yet" : "")}");
                break;
            case CapRevoke revoke when Is(revoke.Ino):
                Write($"← revoke {revoke.Seq} of {Name(revoke.Ino)}: keep {Bits(revoke.Keep)}");
                break;
            case DirectoryDelta delta when Touches(delta.Dir, delta.Name, delta.Attributes?.Ino ?? default):
                Write($"← {delta.Name} in {Name(delta.Dir)} {Words(delta.Kind)}, version {delta.To}{(delta.IsShared ? ", others hold it too" : "")}");
                break;
            case SessionOpened or SessionStale or SessionEvicted or Reclaimed:
                Write($"← {message.GetType().Name}");
                break;
        }
    }

    private bool EndsNow()
    {
        if (core.Time.GetElapsedTime(_started) < Length && _lines.Count < MaxLines)
            return false;
        if (core.Session.Tap == this)
            core.Session.Tap = null;
        return true;
    }

    private bool Is(InodeId ino) => ino == target.Ino;

    private bool Touches(FsOperation operation)
    {
        (InodeId dir, FileName name, InodeId ino) = OperationName.TargetOf(operation);
        return Touches(dir, name, ino) || (operation is RenameOperation { Dir: var to, Name: var renamed } && Touches(to, renamed, default))
            || (operation is LookupOperation lookup && lookup.Names.Any(n => Touches(lookup.Dir, n, default)));
    }

    private bool Touches(InodeId dir, FileName name, InodeId ino) =>
        dir == target.Ino || (!ino.IsNone && ino == target.Ino) || (!target.Dir.IsNone && dir == target.Dir && name == target.Name);

    private string Name(InodeId ino) => core.Directories.Find(ino)?.Path ?? $"inode {ino}";

    private string Words(FsOperation operation)
    {
        (InodeId dir, FileName name, _) = OperationName.TargetOf(operation);
        string where = dir.IsNone ? "" : name.IsEmpty ? $" {Name(dir)}" : $" {name} in {Name(dir)}";
        return OperationName.Of(operation) + where + (operation is ReaddirOperation readdir ? $", {readdir.Credits} pages" : "");
    }

    private static string Words(DeltaKind kind) => kind switch
    {
        DeltaKind.Removed => "removed",
        DeltaKind.Added => "added",
        DeltaKind.Self => "itself changed",
        _ => "changed",
    };

    private static string Words(RequestTimes? times) => times is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $", {times.Served.TotalMilliseconds:0.0} ms at the server, of which parked {times.Parked.TotalMilliseconds:0.0} ms, held {times.Held.TotalMilliseconds:0.0} ms");

    private static string Bits(CapBits bits) => bits == CapBits.None ? "nothing" : bits.ToString().Replace(", ", " ");

    private void Write(string line) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{core.Time.GetElapsedTime(_started).TotalSeconds,8:0.000} s {line}"));
}
