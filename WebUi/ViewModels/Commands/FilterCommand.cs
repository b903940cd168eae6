namespace Capstan.WebUi.ViewModels.Commands;

public sealed class FilterCommand : FileCommand
{
    public override string Id => "filter";

    public override string Name => "Filter this folder";

    public override string Icon => "filter_list";

    public override CommandGroup Group => CommandGroup.View;

    public override CommandPlaces Places => CommandPlaces.None;

    // '/' is in no name, so it can begin none that is looked for.
    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("/"), KeyChord.Parse("Ctrl+F")];

    public override bool IsEnabled(FileCommandContext context) => context.Directory is not null;

    public override Task RunAsync(FileCommandContext context) => context.Surface.FocusAsync(".filter input");
}
