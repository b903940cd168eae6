using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Session;
using Capstan.Shared;

namespace Capstan.ClientGateway.Administration;

internal sealed partial class GatewayAdministration(GatewayCore core, FileSystemClient client, SessionLoop loop, MdsAdministration mds) : IGatewayAdministration
{
    private readonly Lock _tracing = new();
    private PathTrace? _trace;

    public Action<string, TimeSpan, bool>? RequestAnswered
    {
        get => core.Session.Timer.Answered;
        set => core.Session.Timer.Answered = value;
    }

    public Action<TimeSpan>? RevokeAnswered
    {
        get => core.Caps.RevokeAnswered;
        set => core.Caps.RevokeAnswered = value;
    }

    public GatewayLimits ConfiguredLimits { get; } = new(core.Options.PageBudgetBytes, core.Options.MaxReadaheadPages, core.Options.MaxInFlight, core.Options.MaxInFlightPerDirectory);

    public GatewayLimits Limits
    {
        get
        {
            lock (core.Gate)
                return new GatewayLimits(core.Directories.Budget.Budget, core.Directories.MaxReadaheadPages, core.Session.InFlightLimit, core.Operations.MaxInFlightPerDirectory);
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value.MaxInFlight);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value.MaxInFlightPerDirectory);
            core.Limits = new CacheLimits(value.PageBudgetBytes, value.MaxReadaheadPages);
            lock (core.Gate)
            {
                core.Session.InFlightLimit = value.MaxInFlight;
                core.Operations.MaxInFlightPerDirectory = value.MaxInFlightPerDirectory;
                core.Operations.Pump();
            }
            loop.Flush();
        }
    }

    public GatewaySnapshot Figures()
    {
        lock (core.Gate)
            return GatewayReport.Take(core, withDirectories: false);
    }

    public LatencyCounts RequestTimes()
    {
        lock (core.Gate)
            return core.Counters.RequestTimes.Counts();
    }

    public IReadOnlyList<DirectorySnapshot> Directories()
    {
        lock (core.Gate)
            return GatewayReport.Directories(core);
    }

    public IReadOnlyList<CapSnapshot> Caps()
    {
        lock (core.Gate)
            return GatewayReport.Caps(core);
    }

    public IReadOnlyList<RevokeSnapshot> Revokes()
    {
        lock (core.Gate)
            return GatewayReport.Revokes(core);
    }

    public IReadOnlyList<(string Path, int Revokes)> RevokedLately(TimeSpan during)
    {
        lock (core.Gate)
        {
            return [.. core.Caps.LastRevokes.Where(r => core.Time.GetElapsedTime(r.At) <= during)
                .CountBy(r => r.Ino)
                .OrderByDescending(c => c.Value)
                .Select(c => (core.Directories.Find(c.Key)?.Path ?? $"inode {c.Key}", c.Value))];
        }
    }

    public IReadOnlyList<SlowRequest> SlowRequests()
    {
        lock (core.Gate)
            return [.. core.Session.Timer.Slow.Reverse()];
    }

    public async Task<(int Waited, int Failed)> FlushAsync(CancellationToken cancellation = default)
    {
        TrackedOperation[] pending;
        lock (core.Gate)
            pending = [.. core.Operations.Shown.Where(o => !o.IsTerminal)];
        loop.Flush();
        await Task.WhenAll(pending.Select(o => o.Completion)).WaitAsync(cancellation);
        return (pending.Length, pending.Count(o => o.State == OperationState.Failed));
    }

    public void Reconnect() => loop.Reconnect();

    public Task<FsResult<IReadOnlyList<MdsSessionSnapshot>>> SessionsAsync(Caller caller, CancellationToken cancellation = default) => mds.SessionsAsync(caller, cancellation);

    public Task<FsErrno> EvictSessionAsync(Caller caller, string handle, CancellationToken cancellation = default) => mds.EvictAsync(caller, handle, cancellation);

    public async Task<FsResult<IPathTrace>> TraceAsync(Caller caller, IReadOnlyList<FileName> path, CancellationToken cancellation = default)
    {
        FsResult<ResolvedPath> resolved = await client.ResolveAsync(caller, path, cancellation);
        if (!resolved.IsOk)
            return resolved.Errno;
        PathTrace trace = new(core, "/" + string.Join('/', path), resolved.Value!.Address);
        lock (_tracing)
        {
            _trace?.Dispose();
            _trace = trace;
            trace.Start();
        }
        return trace;
    }
}
