using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

public sealed class FlushDirectoryTests
{
    [Fact]
    public async Task Flush_WaitsForEveryOperationAndTellsEachObserverOfAFailureOnce()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(through: link)).Client;
        InodeId dir = await client.FillAsync("dir", 100);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        link.RoundTrip = TimeSpan.FromMilliseconds(50);
        DirectoryEntry another = rows[0].Entry with { Attributes = rows[0].Entry.Attributes with { Ino = new InodeId(999_999) } };
        PendingOperation[] all = [client.Remove(Caller.Root, dir, another), .. rows.Skip(1).Select(r => client.Remove(Caller.Root, dir, r.Entry)), client.CreateFile(Caller.Root, dir, "new".Name(), 0x1A4)];
        (FsErrno errno, long sequence) = await client.FlushDirectoryAsync(dir, 0).Soon();
        Assert.All(all, operation => Assert.True(operation.State is OperationState.Done or OperationState.Failed));
        Assert.Equal(FsErrno.Stale, errno);
        Assert.Equal((FsErrno.Ok, sequence), await client.FlushDirectoryAsync(dir, sequence).Soon());
        Assert.Equal((FsErrno.Stale, sequence), await client.FlushDirectoryAsync(dir, 0).Soon()); // Somebody else who asks for the first time.
        await mds.StopAndCheckAsync();
    }
}
