using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>Looks in this folder and all below it.</summary>
public sealed class SearchCommand(NavigationManager navigation) : FileCommand
{
    public override string Id => "search";

    public override string Name => "Search here…";

    public override string Icon => "search";

    public override CommandGroup Group => CommandGroup.View;

    public override int Order => -1;

    public override CommandPlaces Places => CommandPlaces.FolderMenu | CommandPlaces.FolderBar;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+Shift+F")];

    public override bool IsEnabled(FileCommandContext context) => context.Directory is not null;

    public override Task RunAsync(FileCommandContext context)
    {
        navigation.NavigateTo("/search/" + context.Path.ToUrlPath());
        return Task.CompletedTask;
    }
}
