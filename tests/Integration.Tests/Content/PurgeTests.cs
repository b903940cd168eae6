using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>What no name shows any more leaves the disk behind the unlink.</summary>
public sealed class PurgeTests
{
    private const int Files = 80;

    [Fact]
    public async Task Unlinked_Content_VanishesFromDisk()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeId dir = await FillAsync(client);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        Assert.Equal(Files, mds.ContentFiles());
        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Skip(10).Select(r => r.Entry)]);
        await job.Completion.Soon();
        Assert.Equal(Files - 10, job.Done);
        await Eventually.TrueAsync(() => mds.ContentFiles() == 10, "the purge of unlinked contents", state: () => $"{mds.ContentFiles()} files");
        foreach (DirectoryRow row in rows.Take(10))
            Assert.Equal(100, (await client.ReadFileAsync(new InodeAddress(dir, row.Entry.Name, row.Entry.Attributes.Ino))).Length);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Unlinked_MdsKilledBeforeThePurge_ContentVanishesAfterTheNextStart()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeId dir = await FillAsync(client);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Skip(10).Select(r => r.Entry)]);
        await Eventually.TrueAsync(() => job.Done > 0, "the first unlink");
        await mds.KillAsync();
        await mds.StartAgainAsync();
        await job.Completion.Soon();
        Assert.Equal((Files - 10, 0), (job.Done, job.Failed));
        await Eventually.TrueAsync(() => mds.ContentFiles() == 10, "the purge of unlinked contents", state: () => $"{mds.ContentFiles()} files");
        await mds.StopAndCheckAsync();
    }

    private static async Task<InodeId> FillAsync(IFileSystemClient client)
    {
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "contents".Name(), 0x1FF).Ok()).Ino;
        await Parallel.ForEachAsync(Enumerable.Range(0, Files), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await client.WriteFileAsync(dir, $"file-{i:D3}", new byte[100]));
        return dir;
    }
}
