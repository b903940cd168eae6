using Capstan.ClientGateway;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>The store may not grow any more.</summary>
public sealed class FullDiskTests
{
    private const int Batch = 2000;

    /// <summary>Long names: few of them fill the store.</summary>
    private static FileName NameOf(int i) => $"file-{i:D5}-{new string('x', 200)}".Name();

    [Fact]
    public async Task Store_Full_CreatesFailUnlinksSucceedAndRoomMakesCreatesWork()
    {
        await using Rig rig = await Rig.StartAsync(o => o with { Store = new StoreOptions(o.DataDirectory) { MaxPages = 600 } });
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "full".Name(), 0x1FF).Ok()).Ino;
        InodeAddress content = await client.WriteFileAsync(dir, "content", new byte[1000]);

        // (1) It fills up.
        int made = 0;
        List<PendingOperation> failed = [];
        for (int next = 0; failed.Count == 0; next += Batch)
        {
            Assert.True(next < 50_000, "the store never filled up");
            foreach (PendingOperation create in Enumerable.Range(next, Batch).Select(i => client.CreateFile(Caller.Root, dir, NameOf(i), 0x1A4)).ToArray())
            {
                FsErrno errno = await create.ErrnoAsync();
                if (errno == FsErrno.Ok)
                    made++;
                else
                    failed.Add(create);
            }
        }
        for (int i = 60_000; ; i++)
        {
            PendingOperation last = client.CreateFile(Caller.Root, dir, NameOf(i), 0x1A4);
            if (await last.ErrnoAsync() != FsErrno.Ok)
            {
                failed.Add(last);
                break;
            }
            made++;
        }
        Assert.All(failed, f => Assert.Equal((OperationState.Failed, FsErrno.NoSpace), (f.State, f.Errno)));
        Assert.Equal(failed.Count, client.Operations.FailedCount);
        Assert.Equal(failed.Count, client.Operations.FailedIn(dir).Count);

        // (2) Nothing is lost, and whoever reads is served.
        List<DirectoryRow> rows = await client.ListAsync(dir);
        Assert.Equal(made + 1, rows.Count);
        Assert.Equal(1000, (await client.ReadFileAsync(content)).Length);

        // (3) Unlinks give room, the first of them included.
        await client.Remove(Caller.Root, dir, rows[1].Entry).Ok();
        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Skip(2).Take(made / 2).Select(r => r.Entry)]);
        await job.Completion.Soon("the deletes on a full disk");
        Assert.Equal((made / 2, 0), (job.Done, job.Failed));
        Assert.Equal(rows.Count - 1 - (made / 2), (await client.ListAsync(dir)).Count);

        // (4) What failed can be had now.
        client.Operations.Retry(failed[0]);
        await Eventually.TrueAsync(() => client.Operations.FailedIn(dir).Count == failed.Count - 1 && client.Operations.PendingCount == 0, "the end of what was tried again");
        Assert.Contains(failed[0].Name.ToString(), (await client.ListAsync(dir)).Names());
        await client.CreateFile(Caller.Root, dir, "fresh".Name(), 0x1A4).Ok();
        foreach (PendingOperation failure in failed.Skip(1))
            client.Operations.Dismiss(failure);
        Assert.Contains("fresh", (await client.ListAsync(dir)).Names());
        IFileSystemClient other = (await rig.GatewayAsync()).Client;
        Assert.Equal((await client.ListAsync(dir)).Names(), (await other.ListAsync(dir)).Names());
    }

    [Fact]
    public async Task Store_Full_ContentIsReadWhileCreatesFail()
    {
        await using Rig rig = await Rig.StartAsync(o => o with { Store = new StoreOptions(o.DataDirectory) { MaxPages = 60 } });
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "full".Name(), 0x1FF).Ok()).Ino;
        InodeAddress content = await client.WriteFileAsync(dir, "content", new byte[1000]);
        PendingOperation[] creates = [.. Enumerable.Range(0, 3000).Select(i => client.CreateFile(Caller.Root, dir, NameOf(i), 0x1A4))];
        for (int i = 0; i < 50 || !creates[^1].Completion.IsCompleted; i++)
            Assert.Equal(1000, (await client.ReadFileAsync(content)).Length);
        // The last of them may have found a gap; most have not.
        FsErrno[] outcomes = await Task.WhenAll(creates.Select(c => c.ErrnoAsync()));
        Assert.All(outcomes, e => Assert.True(e is FsErrno.Ok or FsErrno.NoSpace, e.ToString()));
        Assert.InRange(outcomes.Count(e => e == FsErrno.NoSpace), 500, 3000);
    }
}
