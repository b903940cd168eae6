using System.IO.Compression;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.Transfers.Archives;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Archives;
using Capstan.WebUi.ViewModels.Organize;
using Capstan.WebUi.ViewModels.Preview;
using Capstan.WebUi.ViewModels.Properties;
using Capstan.WebUi.ViewModels.Search;
using Capstan.WebUi.ViewModels.Undo;

namespace Capstan.WebUi.Tests.ViewModels;

/// <summary>What was found in several folders, acted on as one selection.</summary>
public sealed class SearchActionsTests
{
    private readonly FakeFileSystem _files = new(TimeProvider.System);
    private readonly FakeInode _first;
    private readonly FakeInode _second;

    public SearchActionsTests()
    {
        (_first, _second) = (_files.NewDirectory(), _files.NewDirectory());
        Put(_files.Root, "first", _first);
        Put(_files.Root, "second", _second);
        Put(_first, "note.txt", _files.NewFile(content: "one"u8.ToArray()));
        Put(_second, "note.txt", _files.NewFile(content: "two"u8.ToArray()));
        Put(_second, "note.png", _files.NewFile(content: [1]));
    }

    [Theory]
    [InlineData("to-second", FsErrno.Ok, "/second", 2)]
    [InlineData("circle", FsErrno.TooManySymlinks, "/circle", 0)]
    [InlineData("to-file", FsErrno.NotDirectory, "/to-file", 0)]
    public async Task Open_AddressThroughALink_SearchesWhereItLeads(string address, FsErrno errno, string place, int found)
    {
        Put(_files.Root, "to-second", _files.NewSymlink("second"));
        Put(_files.Root, "circle", _files.NewSymlink("circle"));
        Put(_files.Root, "to-file", _files.NewSymlink("first/note.txt"));
        SearchViewModel search = new(_files, Rows.Alice);
        await search.OpenAsync(new FilePath([Rows.Name(address)]), new SearchQuery { Name = "note" }, Cancellation);
        Assert.Equal((errno, place), (search.Errno, search.Path.ToString()));
        Assert.Equal(found, search.Count);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Properties_OfSeveralFolders_MixedWhereTheyDiffer_AndChangedInEachFolder()
    {
        SearchViewModel search = await FoundAsync();
        // Changed since it was found: what is shown and what is changed are of now.
        FakeInode changed = _second.Directory!.Find(Rows.Name("note.txt"))!;
        changed.Attributes = changed.Attributes with { Mode = InodeAttributes.ModeOf(FileKind.File, 0x180), Uid = 7 };
        PropertiesViewModel model = new(_files, Rows.Alice, [.. search.Chosen().Select(r => (r.Directory, r.Entry))]);

        await model.OpenAsync(Cancellation);
        Assert.Equal((3, 2, "", null), (model.Count, model.Places, model.Uid, model.Mode[0x20]));
        Assert.True(model.Mode[0x100]);
        model.Mode.Toggle(0x10);
        Assert.True(await model.SaveAsync());

        OperationJob job = Assert.Single(_files.Operations.Jobs(), j => j.Kind == JobKind.Attributes);
        await job.Completion;
        Assert.Equal((3, 3, 0), (job.Total, job.Done, job.Failed));
        Assert.Equal([0x190u, 0x1B4u, 0x1B4u], new[] { changed, _first.Directory!.Find(Rows.Name("note.txt"))!, _second.Directory.Find(Rows.Name("note.png"))! }.Select(i => i.Attributes.Mode & 0xFFF));
        Assert.Equal(7u, changed.Attributes.Uid);
    }

    [Fact]
    public async Task Archive_OfSeveralFolders_KeepsEachUnderItsFolder()
    {
        ArchiveTicket ticket = (await FoundAsync()).Archive()!;
        MemoryStream packed = new();
        await new ArchiveStream(_files, ticket, TimeProvider.System).WriteAsync(packed, Cancellation);
        using ZipArchive zip = new(new MemoryStream(packed.ToArray()));
        Assert.Equal(["first/note.txt", "second/note.png", "second/note.txt"], zip.Entries.Select(e => e.FullName).Order());
        Assert.Equal("Found", ticket.Name.ToString());
    }

    [Fact]
    public async Task Transfer_OfSeveralFolders_MakesNoSenseWhereAllIsAlreadyOrIntoItself()
    {
        SearchViewModel search = await FoundAsync();
        TransferFlow transfers = new(new StartedJobs(), new UndoHistory(_files));
        ClipboardContent content = new(JobKind.Move, search.ChosenPlaces());
        Assert.Equal(["/first", "/second"], content.Entries.Select(e => e.Path.ToString()).Distinct().Order());

        FilePath second = new([Rows.Name("second")]);
        ClipboardContent there = content with { Entries = [.. content.Entries.Where(e => e.Folder == _second.Attributes.Ino)] };
        Assert.Equal("They are in this folder already.", transfers.Start(_files, Rows.Alice, there, _second.Attributes.Ino, second));
        ClipboardContent folder = content with { Entries = [.. content.Entries, new PlacedEntry(_files.Root.Attributes.Ino, FilePath.Root, new DirectoryEntry(Rows.Name("second"), _second.Attributes))] };
        Assert.Equal("“second” cannot be moved into itself.", transfers.Start(_files, Rows.Alice, folder, _second.Attributes.Ino, second));
        Assert.Empty(_files.Operations.Jobs());
    }

    [Fact]
    public async Task Preview_GoesThroughWhatWasFound_WhereverItLies()
    {
        SearchViewModel search = await FoundAsync();
        search.Picker.Select(0);
        SearchPreview preview = new(_files, Rows.Alice, search);
        List<string> seen = [];
        for (PreviewItem? item = await preview.HereAsync(Cancellation); item is not null; item = await preview.MoveAsync(1, Cancellation))
            seen.Add($"{item.Path} {item.Position + 1}/{item.Count} {item.CanEdit}");
        Assert.Equal(["first/note.txt 1/3 True", "second/note.png 2/3 False", "second/note.txt 3/3 True"], seen);
        Assert.Equal(2, search.Picker.Cursor);
    }

    /// <summary>All that is called "note", chosen.</summary>
    private async Task<SearchViewModel> FoundAsync()
    {
        SearchViewModel search = new(_files, Rows.Alice);
        await search.OpenAsync(FilePath.Root, new SearchQuery { Name = "note" }, Cancellation);
        search.Picker.SelectAll();
        Assert.Equal(3, search.Chosen().Count);
        return search;
    }

    private static void Put(FakeInode directory, string name, FakeInode inode) => directory.Directory!.Put(Rows.Name(name), inode);
}
