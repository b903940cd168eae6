using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

/// <summary>A listing that cannot be read on while its first rows are shown.</summary>
public sealed class BrokenListingTests
{
    [Theory]
    [InlineData(FsErrno.NotConnected)]
    [InlineData(FsErrno.Io)]
    public async Task Look_WhereRowsCannotBeRead_KeepsThoseShown_SaysWhy_AndGoesOnWhenAskedTo(FsErrno reason)
    {
        (_, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(2_000));
        directory.ReadFails = reason;
        model.Look(1_500, 1_540, 1_500, 40);
        await Eventually.TrueAsync(() => model.ReadError == reason, "the read to fail");

        // The places of those that could not be read are there, and the count is what it was.
        Assert.Equal(2_000, model.Count);
        Assert.Equal((1_500, true), (model.Window.First, model.Window.IsBlank));
        Assert.NotEmpty(ErrorText.Of(model.ReadError).Title);
        Assert.NotEmpty(ErrorText.Of(model.ReadError).Detail);

        // What was read before can be looked at all the same, and is no failure.
        model.Look(0, 40, 0, 40);
        Assert.Equal(FsErrno.Ok, model.ReadError);
        Assert.Equal("f000", model.Window.At(0)!.Value.Entry.Name.ToString());

        // A key that would go there leaves the rows that are shown.
        await model.MoveCursorAsync(1_999, CursorMode.Select);
        Assert.Equal(reason, model.ReadError);
        Assert.True(model.Window.IsComplete);
        Assert.Equal(0, model.Cursor);

        model.Look(1_500, 1_540, 1_500, 40);
        await Eventually.TrueAsync(() => model.ReadError == reason, "the read to fail again");
        directory.ReadFails = FsErrno.Ok;
        model.Refresh();
        await Eventually.TrueAsync(() => model.Window.At(1_500) is not null, "the rows that were wanted");
        Assert.Equal(FsErrno.Ok, model.ReadError);
    }
}
