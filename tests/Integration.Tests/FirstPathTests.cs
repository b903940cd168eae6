using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Integration.Tests;

/// <summary>The whole path through the house, thin: gateway, wire, MDS, store.</summary>
public sealed class FirstPathTests
{
    [Fact]
    public async Task CreateListUnlink_OneGateway_IsAsynchronousAndTrue()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeId dir = await client.FillAsync("many", 3000);

        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        Assert.Equal(3000, view.Count);
        Assert.Equal(Freshness.Live, view.Freshness);
        List<DirectoryRow> rows = await view.ListAsync();
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"file-{i:D5}"), rows.Select(r => r.Entry.Name.ToString()));

        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Take(2000).Select(r => r.Entry)]);
        await job.Completion.Soon();
        Assert.Equal((2000, 0), (job.Done, job.Failed));
        Assert.Equal(2000, client.Snapshot().AsynchronousOperations);
        Assert.Equal(1000, view.Count);
        long requests = client.Snapshot().Requests;
        Assert.Equal("file-02000", (await view.ListAsync())[0].Entry.Name.ToString());
        Assert.Equal(requests, client.Snapshot().Requests);
    }

    [Fact]
    public async Task Unlink_TwoGatewaysView_BothSeeItGoWithoutAsking()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient a = (await rig.GatewayAsync()).Client;
        IFileSystemClient b = (await rig.GatewayAsync()).Client;
        InodeId dir = await a.FillAsync("shared", 100);
        using IDirectoryView left = (await a.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        using IDirectoryView right = (await b.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        List<DirectoryRow> rows = await left.ListAsync();
        Assert.Equal(100, (await right.ListAsync()).Count);

        PendingOperation removal = a.Remove(Caller.Root, dir, rows[7].Entry);
        await removal.Ok();
        Assert.False(removal.IsAsynchronous);
        Assert.Equal(FallbackReason.NoExclusiveCap, removal.Fallback);
        long requests = b.Asked();
        Assert.Equal(99, right.Count);
        Assert.DoesNotContain(await right.ListAsync(), r => r.Entry.Name == "file-00007".Name());
        Assert.Equal(requests, b.Asked());
        Assert.Equal(99, (await left.ListAsync()).Count);
    }

    [Fact]
    public async Task Resolve_DeepPath_TakesOneRequestThenNone()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeId at = InodeId.Root;
        for (int i = 0; i < 20; i++)
            at = (await client.MakeDirectory(Caller.Root, at, $"d{i}".Name(), 0x1FF).Ok()).Ino;
        IFileSystemClient fresh = (await rig.GatewayAsync()).Client;
        FileName[] path = string.Join('/', Enumerable.Range(0, 20).Select(i => $"d{i}")).Path();
        long before = fresh.Snapshot().Requests;
        ResolvedPath found = (await fresh.ResolveAsync(Caller.Root, path).Soon()).Ok();
        Assert.Equal(at, found.Address.Ino);
        Assert.Equal(before + 1, fresh.Snapshot().Requests);
        Assert.Equal(found.Address, (await fresh.ResolveAsync(Caller.Root, path).Soon()).Ok().Address);
        Assert.Equal(before + 1, fresh.Snapshot().Requests);
        Assert.Equal(FsErrno.NoEntry, (await fresh.ResolveAsync(Caller.Root, [.. path, "none".Name()]).Soon()).Errno);
    }

    [Fact]
    public async Task Content_WrittenThenRead_IsTheSame()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeAttributes file = await client.CreateFile(Caller.Root, InodeId.Root, "data.bin".Name(), 0x1A4).Ok();
        byte[] bytes = new byte[3_000_001];
        new Random(5).NextBytes(bytes);
        InodeAddress address = new(InodeId.Root, "data.bin".Name(), file.Ino);
        InodeAttributes written = (await client.WriteContentAsync(Caller.Root, address, new MemoryStream(bytes), bytes.Length).Soon()).Ok();
        Assert.Equal(bytes.Length, written.Size);
        MemoryStream read = new();
        Assert.Equal(FsErrno.Ok, await client.ReadContentAsync(Caller.Root, address, 0, -1, read).Soon());
        Assert.Equal(bytes, read.ToArray());
        MemoryStream part = new();
        Assert.Equal(FsErrno.Ok, await client.ReadContentAsync(Caller.Root, address, 1_000_000, 10, part).Soon());
        Assert.Equal(bytes[1_000_000..1_000_010], part.ToArray());
    }
}
