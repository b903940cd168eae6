using Capstan.ClientGateway;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>What is selected goes to a folder that is asked for.</summary>
public abstract class TransferToCommand(TransferFlow transfers, JobKind kind) : FileCommand
{
    public override string Name => $"{kind} to…";

    public override CommandGroup Group => CommandGroup.Organize;

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        FolderPicker picker = new(context.Client, context.Caller);
        await picker.GoAsync(context.Path, context.Stopped);
        object? answer = await FolderDialog.AskAsync((title, parameters, width) => context.Surface.AskAsync<FolderDialog>(title, parameters, width), picker, kind, entries, directory.Directory);
        if (answer is FolderPicker chosen)
            transfers.Start(context, new ClipboardContent(kind, PlacedEntry.Of(directory.Directory, context.Path, entries)), chosen.Folder, chosen.Path);
    }
}
