using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.ViewModels.Commands;

public sealed class PasteCommand(FileClipboard clipboard, TransferFlow transfers) : FileCommand
{
    public override string Id => "paste";

    public override string Name => "Paste";

    public override string Icon => "content_paste";

    public override CommandGroup Group => CommandGroup.Clipboard;

    public override int Order => 2;

    public override CommandPlaces Places => CommandPlaces.FolderMenu | CommandPlaces.FolderBar | CommandPlaces.RowMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+V")];

    public override string Label(FileCommandContext context) => clipboard.Of(context.Caller) is { } content
        ? $"{(content.Kind == JobKind.Move ? "Move" : "Paste")} {SizeText.Items(content.Entries.Count)}{(content.Kind == JobKind.Move ? " here" : "")}"
        : Name;

    public override bool IsEnabled(FileCommandContext context) => context.Directory is not null && clipboard.Of(context.Caller) is not null;

    public override Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is { } directory && clipboard.Of(context.Caller) is { } content)
        {
            if (transfers.Start(context, content, directory.Directory, context.Path) && content.Kind == JobKind.Move)
                clipboard.Clear(context.Caller, content);
        }
        return Task.CompletedTask;
    }
}
