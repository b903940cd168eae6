using Capstan.ClientGateway;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class MoveToCommand(TransferFlow transfers) : FileCommand
{
    public override string Id => "move-to";

    public override string Name => "Move to…";

    public override string Icon => "drive_file_move";

    public override CommandGroup Group => CommandGroup.Organize;

    public override int Order => 1;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Shift+F6")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        ClipboardContent content = new(JobKind.Move, directory.Directory, context.Path, entries);
        FolderPicker picker = new(context.Client, context.Caller);
        await picker.GoAsync(context.Path, context.Stopped);
        string what = entries.Count == 1 ? $"“{NameText.Of(entries[0].Name)}”" : SizeText.Items(entries.Count);
        object? answer = await context.Surface.AskAsync<FolderDialog>($"Move {what}", new() { [nameof(FolderDialog.Picker)] = picker, [nameof(FolderDialog.Button)] = "Move to" });
        if (answer is FolderPicker chosen)
            transfers.Start(context, content, chosen.Folder, chosen.Path);
    }
}
