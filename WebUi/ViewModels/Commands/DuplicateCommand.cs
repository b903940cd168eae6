using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.ViewModels.Commands;

public sealed class DuplicateCommand(TransferFlow transfers) : FileCommand
{
    public override string Id => "duplicate";

    public override string Name => "Duplicate";

    public override string Icon => "file_copy";

    public override CommandGroup Group => CommandGroup.Organize;

    public override int Order => 3;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+D")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is { } directory && await context.Surface.ReadSelectionAsync() is { Count: > 0 } entries)
            transfers.Duplicate(context, directory.Directory, entries);
    }
}
