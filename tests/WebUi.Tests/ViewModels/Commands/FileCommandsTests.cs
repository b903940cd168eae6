using Capstan.WebUi.DevHost;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.WebUi.Tests.ViewModels.Commands;

public sealed class FileCommandsTests
{
    [Theory]
    [InlineData("Ctrl+Shift+N", "n", true, true, false, true)]
    [InlineData("Ctrl+Shift+N", "n", true, false, false, false)]
    [InlineData("F2", "F2", false, false, false, true)]
    [InlineData("Alt+ArrowUp", "ArrowUp", false, false, true, true)]
    [InlineData("?", "?", false, true, false, true)]
    [InlineData("Space", " ", false, true, false, false)]
    [InlineData("Delete", "Delete", false, true, false, false)]
    public void Matches_Chord_TakesExactlyItsKeys(string chord, string key, bool ctrl, bool shift, bool alt, bool expected) =>
        Assert.Equal(expected, KeyChord.Parse(chord).Matches(new ListKey(key, ctrl, shift, alt)));

    [Fact]
    public async Task Registered_Commands_HaveIdsAndKeysOfTheirOwn()
    {
        await using WebApplication app = DevApp.Create(["--listen", "http://127.0.0.1:0"], out _)!;
        using IServiceScope scope = app.Services.CreateScope();
        IReadOnlyList<FileCommand> all = scope.ServiceProvider.GetRequiredService<FileCommands>().All;

        Assert.NotEmpty(all);
        Assert.Equal(all.Count, all.Select(c => c.Id).Distinct().Count());
        Assert.Empty(all.SelectMany(c => c.Keys).GroupBy(k => k.Code).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    /// <summary>Controls of commands that stand in no menu and no bar: the list of operations in the navigation, and the field above the list.</summary>
    private static readonly string[] HaveControlsOfTheirOwn = ["activities", "filter"];

    [Fact]
    public async Task Registered_Commands_HaveAVisibleControl()
    {
        await using WebApplication app = DevApp.Create(["--listen", "http://127.0.0.1:0"], out _)!;
        using IServiceScope scope = app.Services.CreateScope();
        IReadOnlyList<FileCommand> all = scope.ServiceProvider.GetRequiredService<FileCommands>().All;

        Assert.Equal(HaveControlsOfTheirOwn, all.Where(c => c.Places == CommandPlaces.None).Select(c => c.Id).Order());
        // A bar has no room for all of its buttons on a narrow page: what is in it is in the menu behind "More", too.
        Assert.Empty(all.Where(c => c.Places.HasFlag(CommandPlaces.SelectionBar) && !c.Places.HasFlag(CommandPlaces.RowMenu)).Select(c => c.Id));
        Assert.Empty(all.Where(c => c.Places.HasFlag(CommandPlaces.FolderBar) && !c.Places.HasFlag(CommandPlaces.FolderMenu)).Select(c => c.Id));
    }
}
