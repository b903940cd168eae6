using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.ViewModels.Commands;

public sealed class CopyCommand(FileClipboard clipboard) : FileCommand
{
    public override string Id => "copy";

    public override string Name => "Copy";

    public override string Icon => "content_copy";

    public override CommandGroup Group => CommandGroup.Clipboard;

    public override int Order => 0;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+C")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        clipboard.Put(context.Caller, new ClipboardContent(JobKind.Copy, directory.Directory, context.Path, entries));
        context.Surface.Announce($"{SizeText.Items(entries.Count)} copied. Paste with Ctrl+V, in any folder.");
    }
}
