using Capstan.Shared;
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
