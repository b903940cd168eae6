using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Undo;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>To the trash, without a question: it can be undone.</summary>
public sealed class DeleteCommand(UndoHistory undo) : FileCommand
{
    public override string Id => "delete";

    public override string Name => "Delete";

    public override string Icon => "delete";

    public override CommandGroup Group => CommandGroup.Remove;

    public override bool IsDangerous => true;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Delete"), KeyChord.Parse("Ctrl+Backspace")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Files is not { Directory: { } directory, Delete: { } delete })
            return;
        using IDisposable leaving = directory.ShowLeaving();
        context.Surface.Redraw();
        if (await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        if (DeleteFlow.IsLarge(entries))
            await context.Surface.DrawnAsync();
        await delete.MoveToTrashAsync(new DeletePlan(directory.Directory, entries), undo);
    }
}
