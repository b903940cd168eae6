using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class DeleteCommand : FileCommand
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
        if (context.Files is not { Directory: { } directory, Delete: { } delete } || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        DeletePlan plan = new(directory.Directory, entries);
        object? answer = await context.Surface.AskAsync<DeleteDialog>(plan.Question, new() { [nameof(DeleteDialog.Plan)] = plan });
        if (answer is true && context.Directory == directory)
            await delete.ExecuteAsync(plan);
    }
}
