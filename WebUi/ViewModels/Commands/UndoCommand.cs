using Capstan.WebUi.ViewModels.Undo;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>Takes back the last thing that this page's user did.</summary>
public sealed class UndoCommand(UndoHistory undo) : FileCommand
{
    public override string Id => "undo";

    public override string Name => "Undo";

    public override string Icon => "undo";

    public override CommandGroup Group => CommandGroup.Organize;

    public override int Order => 100;

    public override CommandPlaces Places => CommandPlaces.FolderMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+Z")];

    public override string Label(FileCommandContext context) => undo.Last is { } last ? $"Undo: {last.Title}" : Name;

    public override bool IsEnabled(FileCommandContext context) => undo.Last is not null;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (undo.Last is not { } last)
            return;
        context.Surface.Announce($"Undoing: {last.Title}");
        if (await undo.UndoAsync(last) is null)
            context.Surface.Say($"“{last.Title}” had done nothing yet, so it was stopped and there is nothing to take back.");
    }
}
