using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>Many gateways on one directory.</summary>
public sealed class ManyGatewaysTests
{
    [Fact]
    public async Task TwentyGateways_ListWhileOneChanges_EachSeesWholeStatesAndAllEndAlike()
    {
        const int Gateways = 20, Files = 2000, Changes = 100;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient writer = (await mds.GatewayAsync()).Client;
        InodeId dir = await writer.FillAsync("crowded", Files);
        List<DirectoryRow> rows = await writer.ListAsync(dir);
        IFileSystemClient[] readers = [.. (await Task.WhenAll(Enumerable.Range(0, Gateways).Select(_ => mds.GatewayAsync()))).Select(g => g.Client)];

        Task changing = ChangeAsync();
        // Each change keeps the sum: one made, then one removed. A whole state has one more than before, at most.
        await Task.WhenAll(readers.Select(reader => Task.Run(async () =>
        {
            do
            {
                using IDirectoryView view = (await reader.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
                long counter = view.ChangeCounter;
                List<DirectoryRow> seen = [.. (await view.ReadAsync(0, Files + 1).Soon()).Ok()];
                Assert.InRange(seen.Count, Files, Files + 1);
                Assert.Equal(seen.Count, seen.Select(r => r.Entry.Name).Distinct().Count());
                Assert.True(seen.Zip(seen.Skip(1)).All(p => p.First.Entry.Name.CompareTo(p.Second.Entry.Name) < 0), "in order of names");
                await Eventually.TrueAsync(() => view.ChangeCounter != counter || changing.IsCompleted, "a change or the end");
            }
            while (!changing.IsCompleted);
        })));
        await changing;

        string[] truth = [.. (await writer.ListAsync(dir)).Names()];
        Assert.Equal(Files, truth.Length);
        foreach (IFileSystemClient reader in readers)
        {
            long requests = reader.Asked();
            Assert.Equal(truth, (await reader.ListAsync(dir)).Names());
            Assert.Equal(requests, reader.Asked());
        }
        await mds.StopAndCheckAsync();

        async Task ChangeAsync()
        {
            for (int i = 0; i < Changes; i++)
            {
                await writer.CreateFile(Caller.Root, dir, $"made-{i}".Name(), 0x1A4).Ok();
                await writer.Remove(Caller.Root, dir, rows[i * 5].Entry).Ok();
            }
        }
    }
}
