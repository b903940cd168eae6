using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class FolderTreeTests
{
    private static readonly Caller Alice = new(1000, 1000, []);

    [Fact]
    public async Task Reveal_Path_OpensWhatLiesAboveAndNoMore()
    {
        FakeFileSystem files = Files();
        using FolderTree tree = new(files);
        await tree.OpenAsync(Alice);

        FolderNode? node = await tree.RevealAsync(Path("Documents", "Letters"));

        Assert.Equal("Letters", node?.Text);
        Assert.False(node!.IsExpanded);
        Assert.Equal(["Contracts", "Invoices", "Letters"], tree.Rows.Where(n => n.Depth == 2).Select(n => n.Text));
        Assert.DoesNotContain(tree.Rows, n => n.Text == "README.md");
        Assert.Null(await tree.RevealAsync(Path("Documents", "nothing")));
    }

    [Fact]
    public async Task Tick_FolderComesAndGoes_FollowsAndKeepsWhatIsOpen()
    {
        FakeFileSystem files = Files();
        using FolderTree tree = new(files);
        await tree.OpenAsync(Alice);
        await tree.RevealAsync(Path("Documents", "Letters"));

        files.Root.Directory!.Put(FileName.Create("arrived"), files.NewDirectory());
        Assert.True(tree.Tick());
        Assert.NotNull(tree.Find(Path("arrived")));
        Assert.True(tree.Find(Path("arrived"))!.IsEmpty);
        Assert.NotNull(tree.Find(Path("Documents", "Letters")));

        tree.Rest();
        await tree.OpenAsync(Alice);
        Assert.NotNull(tree.Find(Path("Documents", "Letters")));
    }

    [Fact]
    public async Task Expand_MoreEntriesThanAreArranged_LooksAtTheFirstOnesAndSaysSo()
    {
        FakeFileSystem files = Files();
        FakeInode many = files.NewDirectory();
        many.Directory!.Generate(60_000, i => FileName.Create($"{i:00000}"), _ => files.NewFile());
        many.Attributes = many.Attributes with { Size = 60_000 };
        files.Root.Directory!.Put(FileName.Create("many"), many);
        using FolderTree tree = new(files);
        await tree.OpenAsync(Alice);
        FolderNode folder = tree.Find(Path("many"))!;

        await tree.ExpandAsync(folder);

        Assert.True(folder.IsTruncated);
        Assert.Empty(folder.Children);
    }

    [Fact]
    public async Task Links_ToFolders_AreLeavesAndLeadNowhereInACircle()
    {
        FakeFileSystem files = Files();
        FakeInode documents = files.Root.Directory!.Find(FileName.Create("Documents"))!;
        foreach ((string name, string target) in new[] { ("again", "."), ("up", ".."), ("itself", "itself"), ("letters", "Letters"), ("file", "../README.md"), ("out", "../../etc"), ("nothing", "nowhere") })
            Put(documents, name, files.NewSymlink(target));
        using FolderTree tree = new(files);
        await tree.OpenAsync(Alice);
        await tree.ExpandAsync(tree.Find(Path("Documents"))!);

        FolderNode[] links = [.. tree.Rows.Where(n => n.Target is not null)];
        Assert.Equal([("again", "/Documents"), ("letters", "/Documents/Letters"), ("up", "/")], links.Select(n => (n.Text, n.Target!.ToString())));
        Assert.All(links, n => Assert.True(n.IsEmpty));

        // What is open is opened again; what is gone, and what is a link, is not.
        using FolderTree again = new(files);
        await again.OpenAsync(Alice);
        await again.ReopenAsync([Path("Documents"), Path("Documents", "again"), Path("gone")]);
        Assert.Equal(["Files", "Documents"], again.Rows.Where(n => n.IsExpanded).Select(n => n.Text));
    }

    [Fact]
    public async Task Expand_AFolderWithFilesAlone_IsALeafUntilAFolderComes()
    {
        FakeFileSystem files = Files();
        FakeInode letters = files.Root.Directory!.Find(FileName.Create("Documents"))!.Directory!.Find(FileName.Create("Letters"))!;
        Put(letters, "one.txt", files.NewFile(1));
        using FolderTree tree = new(files);
        await tree.OpenAsync(Alice);
        FolderNode node = (await tree.RevealAsync(Path("Documents", "Letters")))!;
        Assert.False(node.IsLeaf);

        await tree.ExpandAsync(node);
        Assert.True(node.IsLeaf);

        Put(letters, "deeper", files.NewDirectory());
        tree.Tick();
        await Eventually.TrueAsync(() => node.Children.Count == 1, "the new folder");
        Assert.False(node.IsLeaf);
    }

    internal static FakeFileSystem Files()
    {
        FakeFileSystem files = new(TimeProvider.System);
        FakeInode documents = files.NewDirectory();
        foreach (string name in new[] { "Contracts", "Invoices", "Letters" })
            Put(documents, name, files.NewDirectory());
        Put(files.Root, "Documents", documents);
        Put(files.Root, "mixed outcomes", files.NewDirectory());
        Put(files.Root, "mixed outcomes 2", files.NewDirectory());
        Put(files.Root, "README.md", files.NewFile(10));
        return files;
    }

    private static void Put(FakeInode directory, string name, FakeInode inode)
    {
        directory.Directory!.Put(FileName.Create(name), inode);
        directory.Attributes = directory.Attributes with { Size = directory.Directory.Count };
    }

    private static FilePath Path(params string[] names) => new([.. names.Select(FileName.Create)]);
}
