using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>Past the trash, after a question that says what goes.</summary>
public sealed class DeleteForGoodCommand : FileCommand
{
    public override string Id => "delete-for-good";

    public override string Name => "Delete permanently…";

    public override string Icon => "delete_forever";

    public override CommandGroup Group => CommandGroup.Remove;

    public override int Order => 1;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override bool IsDangerous => true;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Shift+Delete")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Files is not { Directory: { } directory, Delete: { } delete } || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        DeletePlan plan = new(directory.Directory, entries);
        IDisposable? leaving = null;
        try
        {
            await context.Surface.AskAsync<DeleteDialog>(plan.Question, new() { [nameof(DeleteDialog.Plan)] = plan }, answered: Answered);
            if (leaving is null)
                return;
            if (DeleteFlow.IsLarge(entries))
                await context.Surface.DrawnAsync();
            await delete.RemoveForGoodAsync(plan);
        }
        finally
        {
            leaving?.Dispose();
        }

        void Answered(object? answer)
        {
            if (answer is not true || context.Directory != directory)
                return;
            leaving = directory.ShowLeaving();
            context.Surface.Redraw();
        }
    }
}
