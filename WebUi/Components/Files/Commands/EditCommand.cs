using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Preview;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>Opens a text file in the editor, on a page of its own.</summary>
public sealed class EditCommand(NavigationManager navigation) : FileCommand
{
    public override string Id => "edit";

    public override string Name => "Edit";

    public override string Icon => "edit";

    public override CommandGroup Group => CommandGroup.Open;

    public override int Order => 2;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+E")];

    public override bool IsEnabled(FileCommandContext context) => context.Single is { Entry: { } entry } && PreviewItem.IsEditable(entry);

    public override Task RunAsync(FileCommandContext context)
    {
        if (context.Single is { } row)
            navigation.NavigateTo(context.Path.Append(row.Entry.Name).ToEditUrl());
        return Task.CompletedTask;
    }
}
