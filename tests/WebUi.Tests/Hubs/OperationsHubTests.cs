using System.Text.Json;
using Capstan.ClientGateway;
using Capstan.ClientGateway.Hubs;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.WebUi.Tests.Hubs;

public sealed class OperationsHubTests : IAsyncLifetime
{
    private readonly TempDirectory _temp = new();
    private WebUnderTest _web = null!;

    private Uri Server => _web.Http.BaseAddress!;

    private OperationsBroadcaster Broadcaster => _web.App.Services.GetRequiredService<OperationsBroadcaster>();

    public async ValueTask InitializeAsync() => _web = await WebUnderTest.StartAsync(_temp.File("data"));

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task Watch_WhatHappens_ComesAsASnapshotAndBatchesWithoutGaps()
    {
        await using HubSocket hub = await HubSocket.ConnectAsync(Server);
        await hub.CallAsync("Watch");
        Mirror mirror = new();
        await mirror.FollowAsync(hub, m => m.Sequence > 0);

        OperationJob job = Fail(InodeId.Root, "a", 300);
        await mirror.FollowAsync(hub, m => m.Failed == 300);
        Assert.Equal(300, mirror.Operations.Count);
        Assert.Equal("a-0", mirror.Operations.Values.First().GetProperty("name").GetString());
        Dismiss();
        await mirror.FollowAsync(hub, m => m.Failed == 0);

        Assert.Empty(mirror.Operations);
        Assert.Equal(300, mirror.Jobs[job.Id].GetProperty("failed").GetInt32());
        Assert.Equal("all", mirror.Feed);
    }

    [Fact]
    public async Task WatchDirectory_AndJob_TellNothingOfOthers()
    {
        InodeId mine = await DirectoryAsync("mine");
        InodeId others = await DirectoryAsync("others");
        await using HubSocket byDirectory = await HubSocket.ConnectAsync(Server);
        await byDirectory.CallAsync("WatchDirectory", mine.ToString());
        OperationJob job = Fail(mine, "a", 20);
        await using HubSocket byJob = await HubSocket.ConnectAsync(Server);
        await byJob.CallAsync("WatchJob", job.Id);
        Fail(others, "b", 2000);
        Fail(mine, "c", 5);

        Mirror directory = new();
        await directory.FollowAsync(byDirectory, m => m.Failed == 25);
        Assert.All(directory.Operations.Values, o => Assert.Equal(mine.ToString(), o.GetProperty("directory").GetString()));
        Mirror jobs = new();
        await jobs.FollowAsync(byJob, m => m.Failed == 20);
        Assert.Equal(job.Id, Assert.Single(jobs.Jobs).Key);
        Assert.Equal(20, jobs.Operations.Count);
    }

    [Fact]
    public async Task Resume_AfterABrokenConnection_SendsWhatWasMissed()
    {
        Mirror mirror = new();
        await using (HubSocket before = await HubSocket.ConnectAsync(Server))
        {
            await before.CallAsync("Watch");
            Fail(InodeId.Root, "a", 10);
            await mirror.FollowAsync(before, m => m.Failed == 10);
        }
        Fail(InodeId.Root, "b", 7);
        await Eventually.TrueAsync(() => _web.Client.Operations.FailedCount == 17, "the failures");

        await using HubSocket after = await HubSocket.ConnectAsync(Server);
        Assert.True((await after.CallAsync("Resume", mirror.Feed, mirror.Sequence)).GetBoolean());
        await mirror.FollowAsync(after, m => m.Failed == 17);
        Assert.Equal(17, mirror.Operations.Count);
    }

    [Fact]
    public async Task Resume_OfWhatIsNotKnownAnyMore_IsRefused()
    {
        await using HubSocket hub = await HubSocket.ConnectAsync(Server);
        await hub.CallAsync("Watch");
        Mirror mirror = new();
        await mirror.FollowAsync(hub, m => m.Sequence > 0);

        Assert.False((await hub.CallAsync("Resume", "all", mirror.Sequence - 1)).GetBoolean());
        Assert.False((await hub.CallAsync("Resume", "all", mirror.Sequence + 1)).GetBoolean());
        Assert.False((await hub.CallAsync("Resume", "job:12", mirror.Sequence)).GetBoolean());
        InvalidOperationException nonsense = await Assert.ThrowsAsync<InvalidOperationException>(() => hub.CallAsync("Resume", "nonsense", 1));
        Assert.Contains("'nonsense' is no feed", nonsense.Message);
    }

    [Fact]
    public async Task Watchers_AThousandAndOneThatStopsReading_ItAloneIsToldToStartAnew()
    {
        InodeId watched = await DirectoryAsync("watched");
        await using HubSocket stuck = await HubSocket.ConnectAsync(Server, reads: false);
        await stuck.TellAsync("Watch");
        HubSocket[] hubs = new HubSocket[1000];
        for (int i = 0; i < hubs.Length; i++)
        {
            hubs[i] = await HubSocket.ConnectAsync(Server);
            await hubs[i].TellAsync("WatchDirectory", watched.ToString());
        }
        await Eventually.TrueAsync(() => Broadcaster.Watchers.Watching == 1001, "a thousand and one watchers", state: () => $"{Broadcaster.Watchers}");

        // Until the one that does not read has more before it than it may.
        InodeId noisy = await DirectoryAsync("noisy");
        string name = new('n', 200);
        for (int round = 0; Broadcaster.Watchers.Stale == 0; round++)
        {
            Assert.True(round < 2000, "the watcher that does not read is never given up");
            Fail(noisy, $"{name}-{round}", 1000);
            await Eventually.TrueAsync(() => _web.Client.Operations.FailedCount >= 1000, "the failures");
            Dismiss();
        }

        Fail(watched, "seen", 40);
        await Task.WhenAll(hubs.Select(async hub =>
        {
            Mirror mirror = new();
            await mirror.FollowAsync(hub, m => m.Failed == 40);
            Assert.Equal(40, mirror.Operations.Count);
        })).WaitAsync(Eventually.DefaultTimeout);
        Assert.Equal(1, Broadcaster.Watchers.Stale);

        // It reads again: what it was sent in order, then the word, and after that it can watch anew.
        stuck.Read();
        Mirror late = new();
        await late.FollowAsync(stuck, m => m.IsStale);
        await stuck.CallAsync("Watch");
        await late.FollowAsync(stuck, m => m.Failed == 40);
        Assert.Equal(0, Broadcaster.Watchers.Stale);
        foreach (HubSocket hub in hubs)
            await hub.DisposeAsync();
        await Eventually.TrueAsync(() => Broadcaster.Watchers.Watching == 1, "those who have gone to be forgotten");
    }

    private async Task<InodeId> DirectoryAsync(string name) =>
        (await _web.Client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create(name), 0x1FF).Completion).Value!.Ino;

    /// <summary>Removals of what is not there: each fails, and stays on the log until it is dismissed.</summary>
    private OperationJob Fail(InodeId directory, string name, int count) => _web.Client.RemoveMany(
        Caller.Root, directory,
        [.. Enumerable.Range(0, count).Select(i => new DirectoryEntry(FileName.Create($"{name}-{i}"), new InodeAttributes { Ino = new InodeId(1_000_000), Mode = InodeAttributes.ModeOf(FileKind.File, 0) }))]);

    private void Dismiss()
    {
        IOperationLog log = _web.Client.Operations;
        foreach (PendingOperation failed in log.Operations(0, int.MaxValue))
            log.Dismiss(failed);
    }

    /// <summary>What a watcher knows from what it was told.</summary>
    private sealed class Mirror
    {
        public string Feed { get; private set; } = "";

        public long Sequence { get; private set; }

        public int Failed { get; private set; } = -1;

        public bool IsStale { get; private set; }

        public Dictionary<long, JsonElement> Operations { get; } = [];

        public Dictionary<long, JsonElement> Jobs { get; } = [];

        public async Task FollowAsync(HubSocket hub, Func<Mirror, bool> until)
        {
            while (!until(this))
            {
                (string method, JsonElement message) = await Eventually.OfAsync(hub.NextAsync(), "the next message of the hub");
                Take(method, message);
            }
        }

        private void Take(string method, JsonElement message)
        {
            Feed = message.GetProperty("feed").GetString()!;
            IsStale = method == "stale";
            if (IsStale)
                return;
            long sequence = message.GetProperty("sequence").GetInt64();
            if (method == "snapshot")
                Operations.Clear();
            else
                Assert.Equal(Sequence + 1, sequence);
            Sequence = sequence;
            Failed = message.GetProperty("failed").GetInt32();
            foreach (JsonElement removed in method == "operations" ? message.GetProperty("removed").EnumerateArray() : default)
                Operations.Remove(removed.GetInt64());
            foreach (JsonElement operation in message.GetProperty("operations").EnumerateArray())
                Operations[operation.GetProperty("id").GetInt64()] = operation;
            foreach (JsonElement job in message.GetProperty("jobs").EnumerateArray())
                Jobs[job.GetProperty("id").GetInt64()] = job;
        }
    }
}
