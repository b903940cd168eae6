using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>A gateway that keeps few directories, in a tree of many.</summary>
public sealed class FewDirectoriesTests
{
    private const int Kept = 8;
    private const int Folders = 120;

    [Fact]
    public async Task TreeOfManyFolders_IsSearchedChangedAndReadAsByAnyGateway_AndFewAreKept()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient other = (await rig.GatewayAsync()).Client;
        Gateway gateway = await rig.GatewayAsync(o => o with { MaxDirectories = Kept });
        IFileSystemClient few = gateway.Client;
        InodeAttributes tree = await other.MakeDirectory(Caller.Root, InodeId.Root, "tree".Name(), 0x1FF).Ok();
        List<InodeId> folders = [];
        foreach (PendingOperation made in Enumerable.Range(0, Folders).Select(i => other.MakeDirectory(Caller.Root, tree.Ino, $"folder {i:D3}".Name(), 0x1FF)).ToArray())
            folders.Add((await made.Ok()).Ino);
        foreach (PendingOperation made in folders.Select(folder => other.CreateFile(Caller.Root, folder, "found".Name(), 0x1A4)).ToArray())
            await made.Ok();

        // Somebody looks at one all the while, sorted.
        using IDirectoryView view = (await few.OpenDirectoryAsync(Caller.Root, folders[0]).Soon()).Ok();
        using IArrangedView sorted = view.Arranged(new ViewSpec(SortColumn.Size));
        using (ISearch search = few.Search(Caller.Root, tree, new SearchSpec { Name = "found" }))
            await Eventually.TrueAsync(() => search.Progress.State == SearchState.Complete && search.Count == Folders, "everything to be found");

        // What is known of each of the others comes and goes; what is told is true, and what is done is done.
        for (int i = 1; i < Folders; i++)
        {
            Assert.Equal(folders[i], (await few.ResolveAsync(Caller.Root, $"tree/folder {i:D3}".Path()).Soon()).Ok().Attributes.Ino);
            DirectoryRow row = Assert.Single(await few.ListAsync(folders[i]));
            IFileSystemClient by = i % 2 == 0 ? few : other;
            Assert.Equal(FsErrno.Ok, await by.Remove(Caller.Root, folders[i], row.Entry).ErrnoAsync());
            await by.CreateFile(Caller.Root, folders[i], $"new {i}".Name(), 0x1A4).Ok();
        }
        for (int i = 1; i < Folders; i++)
            Assert.Equal([$"new {i}"], (await few.ListAsync(folders[i])).Names());

        GatewaySnapshot figures = gateway.Administration.Figures();
        Assert.InRange(figures.DirectoriesKnown, 1, Kept + 4);
        Assert.InRange(figures.CapRecords, 0, Kept + 4);
        Assert.InRange(figures.DirectoriesDropped, Folders, long.MaxValue);
        await other.CreateFile(Caller.Root, folders[0], "seen".Name(), 0x1A4).Ok();
        await Eventually.TrueAsync(() => sorted.Count == 2 && view.Freshness == Freshness.Live, "the one that is looked at to be live");
        await rig.StopAndCheckAsync();
    }
}
