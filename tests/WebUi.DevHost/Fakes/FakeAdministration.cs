using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>What an administrator would see of a gateway at work: figures and tables to look at. Actions change nothing but the limits.</summary>
internal sealed class FakeAdministration(FakeFileSystem files) : IGatewayAdministration
{
    private readonly LatencyDistribution _times = new();

    public Action<string, TimeSpan, bool>? RequestAnswered { get; set; }

    public Action<TimeSpan>? RevokeAnswered { get; set; }

    public GatewayLimits ConfiguredLimits { get; } = new(268_435_456, 256, 32_768, 16_384);

    public GatewayLimits Limits { get; set; } = new(268_435_456, 256, 32_768, 16_384);

    public GatewaySnapshot Figures() => files.Snapshot() with { Directories = [], BudgetBytes = Limits.PageBudgetBytes };

    public LatencyCounts RequestTimes()
    {
        for (int i = 0; i < 20; i++)
            _times.Add(TimeSpan.FromMilliseconds(0.4 + (i * i * 0.02)));
        return _times.Counts();
    }

    public IReadOnlyList<DirectorySnapshot> Directories() => files.Snapshot().Directories;

    public IReadOnlyList<CapSnapshot> Caps() =>
        [.. Directories().Select(d => new CapSnapshot(d.Ino, d.Path, d.Caps, CapBits.All, d.Viewers > 0 ? CapBits.Shared : CapBits.None, TimeSpan.FromSeconds((double)d.Ino.Value * 7), d.Viewers, d.OperationsInFlight, false))];

    public IReadOnlyList<RevokeSnapshot> Revokes() =>
        [new RevokeSnapshot(new InodeId(7), "/busy", CapBits.Exclusive, TimeSpan.FromSeconds(8.2), 412, ["Delete 5,000 items"])];

    public IReadOnlyList<(string Path, int Revokes)> RevokedLately(TimeSpan during) => [("/busy", 14)];

    public IReadOnlyList<SlowRequest> SlowRequests() =>
        [.. Enumerable.Range(0, 12).Select(i => new SlowRequest(
            files.Time.GetUtcNow() - TimeSpan.FromSeconds(9 * i), i % 3 == 0 ? "readdir" : "unlink", new InodeId(7), $"/busy/{i:0000} settled.txt", i % 4 == 1 ? 120 : 1, FsErrno.Ok,
            TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(40 + i), TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(i % 3 == 0 ? 120 : 0), TimeSpan.FromMilliseconds(i % 3 == 1 ? 80 : 0)))];

    public CacheExtent Measure(string path, bool subtree) => new(14, 2_381, 96_400_000, 14, 1);

    public CacheExtent Drop(string path, bool subtree) => Measure(path, subtree);

    public CacheExtent ReleaseCaps(string path, bool subtree) => Measure(path, subtree);

    public Task<(int Waited, int Failed)> FlushAsync(CancellationToken cancellation) => Task.FromResult((files.Operations.PendingCount, 0));

    public void Reconnect()
    {
    }

    public Task<FsResult<IReadOnlyList<MdsSessionSnapshot>>> SessionsAsync(Caller caller, CancellationToken cancellation) => Task.FromResult(FsResult.Of<IReadOnlyList<MdsSessionSnapshot>>(
    [
        new("5f3a09c1", "embedded", MdsSessionState.Open, true, 14, TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(59), TimeSpan.FromMilliseconds(0.8), 0, 0, TimeSpan.Zero),
        new("a1c44d02", "web-2-9be01f3c", MdsSessionState.Open, true, 1_204, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(59), TimeSpan.FromMilliseconds(31), 3, 1, TimeSpan.FromSeconds(8)),
        new("07be5f11", "web-3-aa20c411", MdsSessionState.Stale, false, 0, TimeSpan.FromSeconds(71), TimeSpan.Zero, TimeSpan.FromMilliseconds(240), 0, 0, TimeSpan.Zero),
    ]));

    public Task<FsErrno> EvictSessionAsync(Caller caller, string handle, CancellationToken cancellation) => Task.FromResult(FsErrno.NoEntry);

    public Task<FsResult<IPathTrace>> TraceAsync(Caller caller, IReadOnlyList<FileName> path, CancellationToken cancellation) => Task.FromResult<FsResult<IPathTrace>>(FsErrno.NoEntry);
}
