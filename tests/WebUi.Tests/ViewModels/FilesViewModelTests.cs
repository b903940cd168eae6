using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class FilesViewModelTests
{
    [Fact]
    public async Task OpenAsync_AfterAList_DrawsAsManyRowsAsWereInSight()
    {
        using FilesViewModel files = new(Folders(), Alice, TimeProvider.System);
        await files.OpenAsync(FilePath.Root.Append(Name("a")));
        files.Directory!.Look(0, 79, 0, 19);

        await files.OpenAsync(FilePath.Root.Append(Name("b")));

        Assert.Equal(19, files.Directory!.Window.Rows.Count);
        Assert.True(files.Directory.Window.IsComplete);
        Assert.False(files.Directory.Tick());
    }

    [Fact]
    public async Task OpenAsync_TheListBeforeIsStillDrawn_ItFollowsNothingAnyMore()
    {
        using FilesViewModel files = new(Folders(), Alice, TimeProvider.System);
        await files.OpenAsync(FilePath.Root.Append(Name("a")));
        DirectoryViewModel before = files.Directory!;
        before.Look(0, 79, 0, 19);

        await files.OpenAsync(FilePath.Root.Append(Name("b")));
        before.Look(100, 79, 130, 19);

        Assert.Equal(0, before.Window.First);
        Assert.Equal(79, before.Window.Rows.Count);
    }

    private static FakeFileSystem Folders()
    {
        FakeFileSystem files = new(TimeProvider.System);
        foreach (string folder in new[] { "a", "b" })
        {
            FakeInode made = files.NewDirectory();
            files.Root.Directory!.Put(Name(folder), made);
            foreach (string name in Numbered(300))
                made.Directory!.Put(Name(name), files.NewFile(100));
        }
        return files;
    }
}
