using Capstan.ClientGateway;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>What is selected goes to a folder that is asked for.</summary>
public abstract class TransferToCommand(TransferFlow transfers, JobKind kind) : FileCommand
{
    /// <summary>"Move", "Copy": the dialog's words are made of it.</summary>
    protected abstract string Verb { get; }

    public override string Name => $"{Verb} to…";

    public override CommandGroup Group => CommandGroup.Organize;

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        ClipboardContent content = new(kind, directory.Directory, context.Path, entries);
        FolderPicker picker = new(context.Client, context.Caller);
        await picker.GoAsync(context.Path, context.Stopped);
        string what = entries.Count == 1 ? $"“{NameText.Of(entries[0].Name)}”" : SizeText.Items(entries.Count);
        object? answer = await context.Surface.AskAsync<FolderDialog>($"{Verb} {what}", new() { [nameof(FolderDialog.Picker)] = picker, [nameof(FolderDialog.Button)] = $"{Verb} to" });
        if (answer is FolderPicker chosen)
            transfers.Start(context, content, chosen.Folder, chosen.Path);
    }
}
