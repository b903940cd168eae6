using Capstan.Shared;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.Tests.ViewModels;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace Capstan.WebUi.Tests.Components.Files;

public sealed class FolderDialogTests
{
    [Fact]
    public async Task Move_ToWhereItIs_IsNotOffered_AndSaysWhy()
    {
        FakeFileSystem files = new(TimeProvider.System);
        FakeInode home = files.NewDirectory(), other = files.NewDirectory();
        files.Root.Directory!.Put(Rows.Name("home"), home);
        files.Root.Directory.Put(Rows.Name("other"), other);
        FolderPicker picker = new(files, Rows.Alice);

        await picker.GoAsync(new FilePath([Rows.Name("home")]));
        string here = await DrawAsync(picker, home.Attributes.Ino);
        Assert.Contains("is in this folder: choose another one.", here);
        Assert.Contains("class=\"button primary\" disabled", here);

        await picker.GoAsync(new FilePath([Rows.Name("other")]));
        string there = await DrawAsync(picker, home.Attributes.Ino);
        Assert.DoesNotContain("choose another one", there);
        Assert.DoesNotContain("class=\"button primary\" disabled", there);

        // A copy may be made beside what it is of.
        await picker.GoAsync(new FilePath([Rows.Name("home")]));
        Assert.DoesNotContain("class=\"button primary\" disabled", await DrawAsync(picker, default));
    }

    private static Task<string> DrawAsync(FolderPicker picker, InodeId from) => Drawing.OfAsync<FolderDialog>(
        new() { [nameof(FolderDialog.Picker)] = picker, [nameof(FolderDialog.Button)] = "Move to", [nameof(FolderDialog.From)] = from },
        services => services.AddSingleton(new DialogService(null!, null!)));
}
