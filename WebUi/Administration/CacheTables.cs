using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Administration;

/// <summary>The tables of the cache page, each made anew for who looks at it.</summary>
public sealed class CacheTables(IGatewayAdministration gateway, Administrators administrators, AuditLog audit)
{
    public const string Directories = "directories";
    public const string Revokes = "revokes";
    public const string Evictions = "evictions";

    public IReadOnlyList<(string Id, string Title)> All { get; } =
    [
        (Directories, "Directories"), ("caps", "Capabilities"), (Revokes, "Revokes"), ("sessions", "Sessions"), ("slow", "Slow operations"),
        ("misses", "Top misses"), ("revoked", "Top revokes"), ("fallbacks", "Fallbacks"), (Evictions, "Evictions"), ("audit", "Audit log"),
    ];

    public IDataTable? Make(string id) => id switch
    {
        Directories => MakeDirectories(),
        "caps" => MakeCaps(),
        Revokes => MakeRevokes(),
        "sessions" => MakeSessions(),
        "slow" => MakeSlow(),
        "misses" => MakeTop(id, "Top misses", "Misses", d => d.Misses),
        "revoked" => MakeTop(id, "Top revokes", "Revokes", d => d.Revokes),
        "fallbacks" => MakeFallbacks(),
        Evictions => MakeEvictions(),
        "audit" => MakeAudit(),
        _ => null,
    };

    private DataTable<DirectorySnapshot> MakeDirectories() => new(
        Directories, "Directories", "None is known yet. Open a folder.", PathOf,
        [
            Path<DirectorySnapshot>(PathOf),
            Number<DirectorySnapshot>("entries", "Entries", d => d.Entries),
            Number<DirectorySnapshot>("cached", "Cached", d => d.CachedEntries),
            new("complete", "Complete", "74px", d => d.IsComplete ? "Yes" : "No", d => d.IsComplete),
            Number<DirectorySnapshot>("version", "Version", d => d.Version.Value),
            Caps<DirectorySnapshot>("caps", "Caps", d => d.Caps, "132px"),
            Number<DirectorySnapshot>("hits", "Hits", d => d.Hits),
            Number<DirectorySnapshot>("misses", "Misses", d => d.Misses),
            Number<DirectorySnapshot>("revokes", "Revokes", d => d.Revokes),
            new("bytes", "Memory", "76px", d => SizeText.Bytes(d.Bytes), d => d.Bytes, IsNumber: true),
            Number<DirectorySnapshot>("viewers", "Viewers", d => d.Viewers),
            new("age", "Age", "76px", d => d.Age == TimeSpan.Zero ? "Live" : TimeText.Duration(d.Age), d => d.Age.TotalSeconds, IsNumber: true),
            Number<DirectorySnapshot>("readahead", "Readahead", d => d.ReadaheadWindow),
        ],
        "bytes", _ => Read(gateway.Directories), RowAction.Directory);

    private DataTable<CapSnapshot> MakeCaps() => new(
        "caps", "Capabilities", "None is held.", c => PathOf(c.Path, c.Ino),
        [
            Path<CapSnapshot>(c => PathOf(c.Path, c.Ino)),
            Caps<CapSnapshot>("issued", "Issued", c => c.Issued, "124px"),
            Caps<CapSnapshot>("wanted", "Wanted", c => c.Wanted, "124px"),
            Caps<CapSnapshot>("used", "Used", c => c.Used, "124px"),
            new("pinned", "Pinned by", "minmax(160px, 1fr)", PinnedBy, PinnedBy),
            Seconds<CapSnapshot>("age", "Age", c => c.Age),
        ],
        "age", _ => Read(gateway.Caps), RowAction.Directory);

    private DataTable<RevokeSnapshot> MakeRevokes() => new(
        Revokes, "Revokes", "None waits.", r => PathOf(r.Path, r.Ino),
        [
            Path<RevokeSnapshot>(r => PathOf(r.Path, r.Ino)),
            Caps<RevokeSnapshot>("asked", "Asked for", r => r.Asked, "124px"),
            Seconds<RevokeSnapshot>("since", "Since", r => r.Since),
            Number<RevokeSnapshot>("operations", "Operations", r => r.Operations),
            new("blocked", "Blocked by", "minmax(200px, 2fr)", BlockedBy, BlockedBy),
        ],
        "since", _ => Read(gateway.Revokes), RowAction.Directory);

    private DataTable<MdsSessionSnapshot> MakeSessions() => new(
        "sessions", "Sessions", "The metadata server knows none.", s => s.Handle,
        [
            new("client", "Gateway", "minmax(132px, 2fr)", s => s.ClientName, s => s.ClientName),
            new("session", "Session", "76px", s => s.Handle, s => s.Handle),
            new("state", "State", "64px", s => s.State.ToString(), s => s.State.ToString()),
            Number<MdsSessionSnapshot>("caps", "Caps", s => s.Caps, "60px"),
            Seconds<MdsSessionSnapshot>("renewed", "Renewed", s => s.SinceRenewal, "72px"),
            Seconds<MdsSessionSnapshot>("lease", "Lease left", s => s.LeaseLeft, "80px"),
            new("rtt", "Round trip", "84px", s => s.RoundTrip == TimeSpan.Zero ? "–" : TimeText.Milliseconds(s.RoundTrip), s => s.RoundTrip.TotalSeconds, IsNumber: true),
            Number<MdsSessionSnapshot>("held", "Held", s => s.Held, "52px"),
            Number<MdsSessionSnapshot>("revokes", "Revokes", s => s.Revokes, "68px"),
            Seconds<MdsSessionSnapshot>("oldest", "Oldest", s => s.OldestRevoke, "70px"),
        ],
        "client", cancellation => gateway.SessionsAsync(administrators.Caller, cancellation), RowAction.Session);

    private DataTable<SlowRequest> MakeSlow() => new(
        "slow", "Slow operations", "None has taken 100 ms.", s => s.Path,
        [
            new("at", "When", "76px", s => TimeText.Clock(s.At), s => s.At, IsTime: true),
            new("operation", "Operation", "96px", s => s.Count > 1 ? $"{s.Operation} × {SizeText.Number(s.Count)}" : s.Operation, s => s.Operation),
            Path<SlowRequest>(s => s.Path, "minmax(160px, 3fr)"),
            Milliseconds<SlowRequest>("total", "Total", s => s.Total),
            Milliseconds<SlowRequest>("queued", "Queued", s => s.Queued),
            Milliseconds<SlowRequest>("network", "Network", s => s.Network),
            Milliseconds<SlowRequest>("server", "Server", s => s.Server),
            Milliseconds<SlowRequest>("parked", "For caps", s => s.Parked),
            Milliseconds<SlowRequest>("held", "For acks", s => s.Held),
            new("errno", "Outcome", "84px", s => s.Errno.ToString(), s => s.Errno.ToString()),
        ],
        "at", _ => Read(gateway.SlowRequests));

    private DataTable<DirectorySnapshot> MakeTop(string id, string title, string head, Func<DirectorySnapshot, long> count)
    {
        return new DataTable<DirectorySnapshot>(
            id, title, "Nothing has been counted yet.", PathOf,
            [
                Path<DirectorySnapshot>(PathOf),
                Number(id, head, count),
                Number<DirectorySnapshot>("hits", "Hits", d => d.Hits),
                Number<DirectorySnapshot>("entries", "Entries", d => d.Entries),
                Caps<DirectorySnapshot>("caps", "Caps", d => d.Caps, "124px"),
            ],
            id, _ => Read(() => (IReadOnlyList<DirectorySnapshot>)[.. gateway.Directories().Where(d => count(d) > 0).OrderByDescending(count).Take(100)]), RowAction.Directory);
    }

    private DataTable<(string Text, long Count)> MakeFallbacks() => Counts("fallbacks", "Fallbacks", "Every removal went ahead of its reply.", "Why a removal waited for its reply", () => gateway.Figures().Fallbacks.Select(f => (OperationText.Reason(f.Key), f.Value)));

    private DataTable<(string Text, long Count)> MakeEvictions() => Counts(Evictions, "Evictions", "No page was given up.", "Why pages were given up", () => gateway.Figures().Evictions.Select(e => (CauseText(e.Key), e.Value)));

    private DataTable<AuditEntry> MakeAudit() => new(
        "audit", "Audit log", "Nothing was done here yet.", a => a.Target,
        [
            new("at", "When", "180px", a => TimeText.Iso(a.At), a => a.At, IsTime: true),
            new("uid", "By", "70px", a => $"uid {a.Uid}", a => a.Uid, IsNumber: true),
            new("action", "Action", "130px", a => a.Action, a => a.Action),
            new("target", "Target", "minmax(160px, 1fr)", a => a.Target, a => a.Target),
            new("outcome", "Outcome", "minmax(240px, 2fr)", a => a.Outcome, a => a.Outcome),
        ],
        "at", _ => Read(() => audit.Entries));

    public static string CauseText(EvictionCause cause) => cause switch
    {
        EvictionCause.Expired => "Expired: another by the time they were looked at again",
        EvictionCause.Revoked => "Revoked: somebody else changed the folder",
        EvictionCause.Pressure => "Pressure: the memory budget was full",
        EvictionCause.Manual => "Manual: dropped by an administrator",
        EvictionCause.Unused => "Unused: more folders were known than are kept",
        _ => "Invalid: a change could not be followed, or the folder is gone",
    };

    private static DataTable<(string Text, long Count)> Counts(string id, string title, string empty, string head, Func<IEnumerable<(string, long)>> read) => new(
        id, title, empty, c => c.Text,
        [
            new("reason", head, "minmax(240px, 1fr)", c => c.Text, c => c.Text),
            Number<(string Text, long Count)>("count", "Count", c => c.Count),
        ],
        "count", _ => Read(() => (IReadOnlyList<(string Text, long Count)>)[.. read().Where(c => c.Item2 > 0)]));

    private static DataColumn<T> Path<T>(Func<T, string?> path, string width = "minmax(200px, 3fr)") => new("path", "Path", width, row => NameText.Visible(path(row) ?? ""), row => path(row));

    private static DataColumn<T> Number<T>(string id, string title, Func<T, long> value, string width = "76px") => new(id, title, width, row => SizeText.Number(value(row)), row => value(row), IsNumber: true);

    private static DataColumn<T> Seconds<T>(string id, string title, Func<T, TimeSpan> value, string width = "96px") => new(id, title, width, row => TimeText.Duration(value(row)), row => value(row).TotalSeconds, IsNumber: true);

    private static DataColumn<T> Milliseconds<T>(string id, string title, Func<T, TimeSpan> value) => new(id, title, "70px", row => TimeText.Milliseconds(value(row)), row => value(row).TotalMilliseconds, IsNumber: true);

    private static DataColumn<T> Caps<T>(string id, string title, Func<T, CapBits> value, string width) => new(id, title, width, row => CapText.Short(value(row)), row => CapText.Short(value(row)));

    private static Task<FsResult<IReadOnlyList<T>>> Read<T>(Func<IReadOnlyList<T>> read) => Task.FromResult(FsResult.Of(read()));

    private static string PathOf(DirectorySnapshot directory) => PathOf(directory.Path, directory.Ino);

    private static string PathOf(string? path, InodeId ino) => path ?? $"inode {ino}";

    private static string PinnedBy(CapSnapshot cap)
    {
        List<string> by = [];
        if (cap.Viewers > 0)
            by.Add(SizeText.Count(cap.Viewers, "viewer"));
        if (cap.OperationsInFlight > 0)
            by.Add(SizeText.Count(cap.OperationsInFlight, "operation") + " in flight");
        if (cap.IsRevoking)
            by.Add("being revoked");
        return by.Count == 0 ? "Nothing" : string.Join(", ", by);
    }

    private static string BlockedBy(RevokeSnapshot revoke) =>
        revoke.Jobs.Count > 0 ? $"{SizeText.Count(revoke.Operations, "operation")} of {string.Join(", ", revoke.Jobs)}" : $"{SizeText.Count(revoke.Operations, "operation")} in flight";
}
