using Capstan.ClientGateway;
using Capstan.WebUi.Components.Files.Commands;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Undo;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels.Commands;

/// <summary>A key that deletes is answered on the page before anything is looked up or written down, however much is selected.</summary>
public sealed class DeleteCommandTests
{
    [Fact]
    public async Task Delete_OfThousands_RowsLeaveBeforeTheSelectionIsRead()
    {
        (FakeFileSystem fake, FilesViewModel files, SurfaceLog surface) = await OpenAsync(3000);

        await new DeleteCommand(new UndoHistory(fake)).RunAsync(new FileCommandContext(fake, Alice, files, surface, default));

        Assert.Equal(["redraw: 100 leaving", "read", "drawn"], surface.Asked);
        Assert.Equal(RowState.Pending, files.Directory!.Window.Rows[0]!.Value.State);
        Assert.Equal((JobKind.Trash, 3000), (fake.Operations.Jobs()[0].Kind, fake.Operations.Jobs()[0].Total));
    }

    [Fact]
    public async Task DeleteForGood_OfThousands_RowsLeaveWithTheAnswer()
    {
        (FakeFileSystem fake, FilesViewModel files, SurfaceLog surface) = await OpenAsync(3000);

        await new DeleteForGoodCommand().RunAsync(new FileCommandContext(fake, Alice, files, surface, default));

        Assert.Equal(["read", "ask", "redraw: 100 leaving", "drawn"], surface.Asked);
        Assert.Equal(RowState.Pending, files.Directory!.Window.Rows[0]!.Value.State);
        Assert.Equal(3000, fake.Operations.Jobs()[0].Total);
    }

    private static async Task<(FakeFileSystem Fake, FilesViewModel Files, SurfaceLog Surface)> OpenAsync(int count)
    {
        FakeFileSystem fake = new(TimeProvider.System) { RemovalsPerSecond = 1 };
        FakeInode home = fake.NewDirectory(0x1FF);
        fake.Root.Directory!.Put(Name("d"), home);
        for (int i = 0; i < count; i++)
            home.Directory!.Put(Name($"f{i:0000}"), fake.NewFile());
        FilesViewModel files = new(fake, Alice, TimeProvider.System);
        await files.OpenAsync(FilePath.Root.Append(Name("d")));
        await files.Directory!.RowAtAsync(0);
        files.Directory.Refresh();
        files.Directory.SelectAll();
        return (fake, files, new SurfaceLog(files));
    }
}
