using Capstan.ClientGateway;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class CopyToCommand(TransferFlow transfers) : FileCommand
{
    public override string Id => "copy-to";

    public override string Name => "Copy to…";

    public override string Icon => "content_copy";

    public override CommandGroup Group => CommandGroup.Organize;

    public override int Order => 2;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Shift+F5")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        ClipboardContent content = new(JobKind.Copy, directory.Directory, context.Path, entries);
        FolderPicker picker = new(context.Client, context.Caller);
        await picker.GoAsync(context.Path, context.Stopped);
        string what = entries.Count == 1 ? $"“{NameText.Of(entries[0].Name)}”" : SizeText.Items(entries.Count);
        object? answer = await context.Surface.AskAsync<FolderDialog>($"Copy {what}", new() { [nameof(FolderDialog.Picker)] = picker, [nameof(FolderDialog.Button)] = "Copy to" });
        if (answer is FolderPicker chosen)
            transfers.Start(context, content, chosen.Folder, chosen.Path);
    }
}
