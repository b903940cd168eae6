using Capstan.WebUi.Components.Properties;
using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>Attributes of what is selected, shown and changed.</summary>
public sealed class PropertiesCommand : FileCommand
{
    public override string Id => "properties";

    public override string Name => "Properties…";

    public override string Icon => "tune";

    public override CommandGroup Group => CommandGroup.Inspect;

    public override int Order => 10;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Alt+Enter")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        await PropertiesDialog.AskAsync((title, parameters, width) => context.Surface.AskAsync<PropertiesDialog>(title, parameters, width), [.. entries.Select(e => (directory.Directory, e))]);
    }
}
