using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.TestKit;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Directories;

/// <summary>What a page asks for while it is drawn announces itself at the lock: bulk work, which takes turn after turn, lets it ahead.</summary>
public sealed class AheadOfBulkTests
{
    private readonly ScriptedMds _mds = new();
    private readonly DirectoryView _view;
    private readonly OperationLog _log;

    public AheadOfBulkTests()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a", "b");
        _view = new DirectoryView(_mds.Core, null!, _mds.Core.Directories.Find(Dir)!, Caller.Root);
        _log = new OperationLog(_mds.Core, null!, null!, null!);
    }

    [Theory]
    [InlineData("count")]
    [InlineData("counter")]
    [InlineData("freshness")]
    [InlineData("changes")]
    [InlineData("rank")]
    [InlineData("failed")]
    [InlineData("jobs")]
    public async Task Reader_LockIsTaken_IsAnnounced(string what)
    {
        Task reading;
        lock (_mds.Core.Gate)
        {
            Assert.False(_mds.Core.Turns.IsAwaited);
            reading = Task.Run(() => Read(what), TestContext.Current.CancellationToken);
            Assert.True(SpinWait.SpinUntil(() => _mds.Core.Turns.IsAwaited, Eventually.DefaultTimeout), $"reading the {what} did not announce itself");
        }
        await Eventually.OfAsync(reading, "the reader's turn");
        Assert.False(_mds.Core.Turns.IsAwaited);
    }

    [Fact]
    public async Task Counters_LockIsTaken_AreReadWithoutIt()
    {
        Task<(long Changes, int Pending)> reading;
        lock (_mds.Core.Gate)
        {
            reading = Task.Run(() => (_log.ChangeCounter, _log.PendingCount), TestContext.Current.CancellationToken);
            Assert.True(SpinWait.SpinUntil(() => reading.IsCompleted, Eventually.DefaultTimeout), "the counters waited for the lock");
        }
        Assert.Equal(0, (await reading).Pending);
    }

    private object Read(string what) => what switch
    {
        "count" => _view.Count,
        "counter" => _view.ChangeCounter,
        "freshness" => _view.Freshness,
        "changes" => _view.TryReadChanges(0, [], out _),
        "rank" => _view.FindRank(Name("a")),
        "failed" => _log.FailedCount,
        _ => _log.Jobs(),
    };
}
