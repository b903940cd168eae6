using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>FlushDirectory against a real MDS process: it waits for every operation of the directory, and tells each failure once an observer.</summary>
public sealed class FlushDirectoryTests
{
    private const int Files = 300;

    [Fact]
    public async Task Flush_WithRefusals_WaitsForAllAndTellsEachObserverOnce()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(through: link)).Client;
        InodeId dir = await client.FillAsync("d", Files);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        link.RoundTrip = TimeSpan.FromMilliseconds(50);

        OperationJob deletes = client.RemoveMany(Caller.Root, dir, [.. rows.Take(Files - 3).Select(r => r.Entry)]);
        PendingOperation[] creates = [.. Enumerable.Range(0, 20).Select(i => client.CreateFile(Caller.Root, dir, $"new-{i}".Name(), 0x1A4))];
        PendingOperation[] refused = [.. rows.Skip(Files - 3).Select(r => client.CreateFile(Caller.Root, dir, r.Entry.Name, 0x1A4))];
        (FsErrno errno, long sequence) = await client.FlushDirectoryAsync(dir, 0).Soon();
        Assert.True(deletes.IsFinished);
        Assert.All(creates.Concat(refused), o => Assert.True(o.State is OperationState.Done or OperationState.Failed, $"{o.Name} is {o.State}"));
        Assert.Equal((Files - 3, 0), (deletes.Done, deletes.Failed));
        Assert.All(refused, o => Assert.Equal(FsErrno.Exists, o.Errno));
        Assert.Equal((FsErrno.Exists, 3), (errno, sequence));

        // This observer knows; another one does not yet.
        Assert.Equal((FsErrno.Ok, 3), await client.FlushDirectoryAsync(dir, sequence).Soon());
        Assert.Equal((FsErrno.Exists, 3), await client.FlushDirectoryAsync(dir, 0).Soon());
        Assert.Equal((FsErrno.Ok, 0), await client.FlushDirectoryAsync(InodeId.Root, 0).Soon());
        PendingOperation again = client.CreateFile(Caller.Root, dir, rows[^1].Entry.Name, 0x1A4);
        Assert.Equal((FsErrno.Exists, 4), await client.FlushDirectoryAsync(dir, sequence).Soon());
        Assert.Equal(FsErrno.Exists, again.Errno);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Flush_MdsKilledUnderIt_WaitsForTheLastAndFindsNothingLost()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { MaxInFlight = 100 }, link)).Client;
        InodeId dir = await client.FillAsync("d", Files);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        link.RoundTrip = TimeSpan.FromMilliseconds(20);

        PendingOperation[] deletes = [.. rows.Skip(1).Select(r => client.Remove(Caller.Root, dir, r.Entry))];
        PendingOperation refused = client.CreateFile(Caller.Root, dir, rows[0].Entry.Name, 0x1A4);
        Task<(FsErrno Errno, long ErrorSequence)> flush = client.FlushDirectoryAsync(dir, 0);
        await Eventually.TrueAsync(() => deletes.Any(d => d.State == OperationState.Done), "the first of the deletes");
        await mds.KillAsync();
        Assert.False(flush.IsCompleted);
        using CancellationTokenSource giveUp = new();
        Task<(FsErrno Errno, long ErrorSequence)> impatient = client.FlushDirectoryAsync(dir, 0, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient.Soon());
        await mds.StartAgainAsync();

        Assert.Equal((FsErrno.Exists, 1), await flush.Soon());
        Assert.All(deletes, d => Assert.Equal(OperationState.Done, d.State));
        Assert.Equal(FsErrno.Exists, refused.Errno);
        Assert.Equal([rows[0].Entry.Name.ToString()], (await client.ListAsync(dir)).Names());
        await mds.StopAndCheckAsync();
    }
}
