using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Listings;

/// <summary>What a viewport costs that is read from cached pages: its rows.</summary>
public sealed class ViewportTests
{
    private const int Rows = 50;

    /// <summary>Readers keep a few things, now and then, of where they are.</summary>
    private const int OfTheReader = 256;

    [Fact]
    public async Task TryRead_FromCache_AllocatesItsRowsAlone()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway gateway = await rig.GatewayAsync();
        InodeId dir = await gateway.Client.FillAsync("d", 5000);
        using IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir, whole: true, TestContext.Current.CancellationToken).Soon()).Ok();
        await view.ListAsync();
        List<DirectoryRow> rows = new(Rows);
        List<DirectoryEntry> copies = new(Rows);
        for (int first = 0; first < 5000; first += 450)
        {
            Assert.True(Read(first)); // Once, so that what is made once is made.
            long before = GC.GetAllocatedBytesForCurrentThread();
            Read(first);
            long read = GC.GetAllocatedBytesForCurrentThread() - before;

            copies.Clear();
            before = GC.GetAllocatedBytesForCurrentThread();
            foreach (DirectoryRow row in rows)
                copies.Add(new DirectoryEntry(FileName.Create(row.Entry.Name.Span), row.Entry.Attributes with { }));
            long entries = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(read, 1, entries + OfTheReader);
        }

        bool Read(int first)
        {
            rows.Clear();
            return view.TryRead(first, Rows, rows);
        }
    }
}
