using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class SelectionSumTests
{
    [Fact]
    public async Task Begin_RangeOverRowsNeverRead_CountsEachOnce()
    {
        (FakeFileSystem files, _, DirectoryViewModel model) = await OpenAsync(Numbered(1000));
        model.SelectAll();
        Assert.Null(model.Selection.Bytes);
        using SelectionSum sum = new(files, Alice, model);
        Assert.Null(sum.Text);

        await sum.BeginAsync(TestContext.Current.CancellationToken);

        Assert.False(sum.IsWorking);
        Assert.Null(sum.Text);
        Assert.Equal((1000, 0), (sum.Count!.Files, sum.Count.Folders));
    }

    [Fact]
    public async Task Begin_CannotBeRead_SaysWhyAndMayBeAskedAgain()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(3000));
        model.SelectAll();
        using SelectionSum sum = new(files, Alice, model);
        directory.ReadFails = FsErrno.Io;

        await sum.BeginAsync(TestContext.Current.CancellationToken);
        Assert.Equal((FsErrno.Io, null), (sum.Errno, sum.Count));
        Assert.StartsWith("The selection could not be read.", sum.Text, StringComparison.Ordinal);

        directory.ReadFails = FsErrno.Ok;
        await sum.BeginAsync(TestContext.Current.CancellationToken);
        Assert.Equal((3000, null), (sum.Count!.Files, sum.Text));
    }
}
