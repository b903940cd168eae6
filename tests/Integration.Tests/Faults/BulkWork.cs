using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>A directory of many files of which a gateway deletes a part, over a link long enough for a fault to hit it midway.</summary>
internal sealed class BulkWork
{
    public const int Deleted = 10_000;
    public const int Kept = 500;

    private readonly IFileSystemClient _client;
    private readonly InodeId _directory;
    private readonly DirectoryVersion _before;

    private BulkWork(IFileSystemClient client, InodeId directory, IDirectoryView view, DirectoryVersion before)
    {
        _client = client;
        _directory = directory;
        View = view;
        _before = before;
    }

    public IDirectoryView View { get; }

    public InodeId Directory => _directory;

    public OperationJob Job { get; private set; } = null!;

    /// <summary>Fills the directory, which has to be listed before its files can be deleted ahead of the reply.</summary>
    public static async Task<BulkWork> PrepareAsync(IFileSystemClient client)
    {
        InodeId directory = await client.FillAsync("bulk", Deleted + Kept);
        IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, directory).Soon()).Ok();
        Assert.Equal(FsErrno.Ok, await view.LoadAsync(0, Deleted + Kept).Soon());
        return new BulkWork(client, directory, view, VersionNow(client, directory));
    }

    /// <summary>Asks for the deletes and returns when at least <paramref name="done"/> are done and not all.</summary>
    public async Task StartAsync(int done)
    {
        List<DirectoryRow> rows = await View.ListAsync();
        Job = _client.RemoveMany(Caller.Root, _directory, [.. rows.Take(Deleted).Select(r => r.Entry)]);
        await ReachAsync(done);
    }

    public async Task ReachAsync(int done)
    {
        await Eventually.TrueAsync(() => Job.Done >= done, $"{done} of {Deleted} deletes", state: () => $"{Job.Done} done, {Job.Failed} failed");
        Assert.InRange(Job.Done, done, Deleted - 1);
    }

    /// <summary>Every delete is done, once; the view has caught up by itself, and the gateway deletes ahead of the reply again.</summary>
    public async Task AssertDoneAsync()
    {
        await Eventually.OfAsync(Job.Completion, "the end of the deletes");
        Assert.Equal((Deleted, 0, 0), (Job.Done, Job.Failed, Job.Cancelled));
        Assert.Equal((0, 0), (_client.Operations.PendingCount, _client.Operations.FailedCount));
        await Eventually.TrueAsync(() => View.Freshness == Freshness.Live && View.Count == Kept, "a live view of what is left", state: () => $"{View.Freshness}, {View.Count} rows");
        IEnumerable<string> expected = Enumerable.Range(Deleted, Kept).Select(i => $"file-{i:D5}");
        Assert.Equal(expected, (await View.ListAsync()).Names());
        // One version a change: none was made twice.
        Assert.Equal(_before.Value + Deleted, VersionNow(_client, _directory).Value);
        await Eventually.TrueAsync(() => _client.Caps(_directory) == CapBits.All, "every cap again", state: () => _client.Caps(_directory).ToString());
        PendingOperation one = _client.Remove(Caller.Root, _directory, (await View.ListAsync())[0].Entry);
        await one.Ok();
        Assert.Equal((true, FallbackReason.None), (one.IsAsynchronous, one.Fallback));
    }

    /// <summary>Somebody who knows nothing sees the same.</summary>
    public async Task AssertListedByAsync(IFileSystemClient other) =>
        Assert.Equal(Enumerable.Range(Deleted + 1, Kept - 1).Select(i => $"file-{i:D5}"), (await other.ListAsync(_directory)).Names());

    private static DirectoryVersion VersionNow(IFileSystemClient client, InodeId directory) => client.Snapshot().Directories.Single(d => d.Ino == directory).Version;
}
