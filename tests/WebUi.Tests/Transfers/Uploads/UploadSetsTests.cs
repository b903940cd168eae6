using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.Transfers.Uploads;
using Capstan.WebUi.Transfers.Uploads.Sets;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Uploads;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.WebUi.Tests.Transfers.Uploads;

/// <summary>What the server knows of an upload set, over silence and restarts.</summary>
public sealed class UploadSetsTests : IDisposable
{
    private const uint Uid = 1000;

    private static readonly string Id = new('b', 32);

    private static readonly FilePath To = new([FileName.Create("to")]);

    private readonly TempDirectory _temp = new();
    private readonly ManualTime _time = new();
    private UploadSets _sets;

    public UploadSetsTests() => _sets = Open();

    [Fact]
    public void State_FollowsItsBrowser()
    {
        UploadSet set = Begin(3);
        Assert.Equal(UploadSetState.Running, State());
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(UploadSetState.Waiting, State());
        using (set.Sending())
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(UploadSetState.Running, State()); // A large piece on a slow line.
        }
        set.Take(new UploadReport(Paused: true, 0, 0, null, Left: false));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(UploadSetState.Paused, State()); // A tab in the background has its turn once a minute.
        set.Take(new UploadReport(false, Failed: 2, Questions: 1, null, false));
        Assert.Equal(UploadSetState.Asks, State());
        _time.Advance(TimeSpan.FromSeconds(101));
        Assert.Equal(UploadSetState.Interrupted, State());
        set.Take(new UploadReport(false, 0, 0, null, false));
        Assert.Equal(UploadSetState.Running, State());
        set.Take(new UploadReport(false, 0, 0, null, Left: true));
        Assert.Equal(UploadSetState.Interrupted, State());
    }

    [Fact]
    public async Task Restart_WhatHasEndedIsKnown_AndWhatMayHaveBeenStoredIsLookedAt()
    {
        UploadSet set = Begin(4);
        UploadPlan[] plans = Plans(4);
        await _sets.PlaceAsync(plans[0], _ => Placed("created"));
        await Assert.ThrowsAsync<IOException>(() => _sets.PlaceAsync(plans[1], _ => throw new IOException("The process dies.")));
        await _sets.PlaceAsync(plans[2], _ => Task.FromResult(new Placed(FsErrno.Exists, "", plans[2].Path.Name)));
        set.Take(new UploadReport(false, 0, 0, new Dictionary<int, string> { [3] = "cancelled", [9] = "created" }, Left: true));

        _sets = Open();
        UploadSetSnapshot found = Assert.Single(_sets.Sets());
        Assert.Equal((4, 1, 1, 2, 100L + 101 + 102 + 103, 100L), (found.Total, found.Done, found.Cancelled, found.Left, found.Bytes, found.Arrived));
        Assert.Equal((UploadSetState.Interrupted, "/to"), (found.State, found.Folder.ToString()));
        Assert.Equal(["f-0", "f-1", "f-2"], found.Names);
        List<bool> looks = [];
        foreach (UploadPlan plan in plans)
        {
            await _sets.PlaceAsync(plan, mayBeThere =>
            {
                looks.Add(mayBeThere);
                return Placed("created");
            });
        }
        Assert.Equal([true, false], looks);
        UploadSet again = _sets.Find(Id, Uid)!;
        Assert.Equal([0, null, 3], again.Match([plans[0], plans[1] with { Length = 7 }, plans[3]]).Select(m => m?.At));
        Assert.Equal(UploadSetState.Finished, State());

        // Kept until its browser knows; what it asks meanwhile is answered.
        Assert.Equal("created", (await _sets.PlaceAsync(plans[1], _ => throw new InvalidOperationException("It is stored."))).Result);
        _sets.EndIfWhole(again);
        Assert.True(again.EndedWhole);
        Assert.Empty(Directory.GetFiles(_temp.Path, "*", SearchOption.AllDirectories));
        _sets.Dismiss(Id);
        Assert.Empty(_sets.Sets());
    }

    [Fact]
    public async Task Place_TwoRequestsAtOnce_OneStores()
    {
        Begin(1);
        UploadPlan plan = Plans(1)[0];
        TaskCompletionSource<Placed> storing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Placed> first = _sets.PlaceAsync(plan, _ => storing.Task), second = _sets.PlaceAsync(plan, _ => throw new InvalidOperationException("It is being stored."));
        storing.SetResult(new Placed(FsErrno.Ok, "created", plan.Path.Name));
        Assert.Equal("created", (await first).Result);
        Assert.Equal("created", (await second).Result);
    }

    [Fact]
    public void PauseAndCancel_ReachTheBrowserWithItsNextWord()
    {
        UploadSet set = Begin(2);
        UploadReport runs = new(false, 0, 0, null, false);
        Assert.Null(set.Take(runs));
        _sets.Pause(Id);
        Assert.True(set.Take(runs));
        Assert.True(set.Take(runs));
        Assert.Null(set.Take(runs with { Paused = true }));
        _sets.Resume(Id);
        Assert.False(set.Take(runs with { Paused = true }));
        Assert.Null(set.Take(runs));

        UploadStore store = new(Options, _time);
        string part = store.Create(Plans(2)[0]);
        set.AddPartial(part, 0);
        _sets.Cancel(Id);
        Assert.False(store.IsThere(part));
        Assert.Equal((UploadSetState.Finished, 2), (State(), _sets.Sets()[0].Cancelled));
        Assert.False(set.EndedWhole);
        Assert.Null(_sets.Find(Id, Uid + 1));
    }

    [Fact]
    public void DeleteExpired_NobodyHeardOfItForAWeek_IsDropped()
    {
        Begin(1);
        _time.Advance(UploadStore.Lifetime - TimeSpan.FromDays(1));
        Assert.Equal(0, _sets.DeleteExpired());
        // The file's own time is the machine's: only the later of both counts.
        File.SetLastWriteTimeUtc(Directory.GetFiles(_temp.Path, "*.set", SearchOption.AllDirectories).Single(), _time.GetUtcNow().UtcDateTime - UploadStore.Lifetime);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, _sets.DeleteExpired());
        Assert.Empty(_sets.Sets());
        Assert.Empty(Directory.GetFiles(_temp.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task List_BrokenOff_IsSaidAlsoAfterARestart_AndIsGoneOnWith()
    {
        UploadPlan[] plans = Plans(5);
        UploadSet set = _sets.TryBegin(Id, new Caller(Uid, Uid, []), To)!;
        Assert.True(set.TryAppend(0, plans[..2], announced: 5));
        foreach (UploadPlan plan in plans[..2])
            await _sets.PlaceAsync(plan, _ => Placed("created"));
        Assert.Equal((UploadSetState.Running, false), (State(), set.IsWhole));
        set.Take(new UploadReport(false, 0, 0, null, Left: true));

        for (int starts = 0; starts < 2; starts++)
        {
            set = _sets.Find(Id, Uid)!;
            _sets.EndIfWhole(set);
            UploadSetSnapshot snapshot = Assert.Single(_sets.Sets());
            Assert.Equal((5, 2, 2, 3), (snapshot.Total, snapshot.Listed, snapshot.Done, snapshot.Left));
            UploadProgress drawn = new(snapshot, 0, 0);
            Assert.StartsWith("The list of this upload was not sent completely: 2 files of 5 are known. Choose the same files again", drawn.Advice, StringComparison.Ordinal);
            Assert.Equal(0.4, drawn.DoneFraction);
            _sets = Open();
        }

        // By the browser that chose it again, and by another one at the same time: what a place is, it stays.
        set = _sets.Find(Id, Uid)!;
        Assert.Equal([0, null], set.Match([plans[0], plans[4]]).Select(m => m?.At));
        Assert.True(set.TryAppend(2, plans[2..], announced: 5));
        Assert.True(set.TryAppend(2, plans[2..], announced: 5));
        Assert.False(set.TryAppend(2, [plans[3], plans[2], plans[4]], announced: 5));
        foreach (UploadPlan plan in plans[2..])
            await _sets.PlaceAsync(plan, _ => Placed("created"));
        Assert.Equal(UploadSetState.Finished, State());
        _sets.EndIfWhole(set);
        Assert.True(set.EndedWhole);
    }

    [Fact]
    public void List_BrokenOffAndCancelled_EndsWithWhatIsKnown()
    {
        UploadSet set = _sets.TryBegin(Id, new Caller(Uid, Uid, []), To)!;
        Assert.True(set.TryAppend(0, Plans(2), announced: 5));
        _sets.Cancel(Id);
        UploadSetSnapshot snapshot = Assert.Single(_sets.Sets());
        Assert.Equal((UploadSetState.Finished, 2, 2, 0), (snapshot.State, snapshot.Total, snapshot.Cancelled, snapshot.Left));
    }

    public void Dispose() => _temp.Dispose();

    private CapstanOptions Options => new() { Data = _temp.Path };

    private UploadSets Open() => new(Options, new UploadStore(Options, _time), _time, NullLogger<UploadSets>.Instance);

    private UploadSet Begin(int files)
    {
        UploadSet set = _sets.TryBegin(Id, new Caller(Uid, Uid, []), To)!;
        Assert.True(set.TryAppend(0, Plans(files)));
        Assert.True(set.TryAppend(0, Plans(files))); // The answer was lost.
        Assert.False(set.TryAppend(files + 1, Plans(files)));
        return set;
    }

    private UploadSetState State() => Assert.Single(_sets.Sets()).State;

    private static UploadPlan[] Plans(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new UploadPlan(To, new FilePath([FileName.Create($"f-{i}")]), false, 100 + i, 5_000_000, ConflictRule.Ask, Uid) { Set = Id, At = i })];

    private static Task<Placed> Placed(string result) => Task.FromResult(new Placed(FsErrno.Ok, result, FileName.Create("f")));
}
