using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.ViewModels.Commands;

public sealed class CutCommand(FileClipboard clipboard) : FileCommand
{
    public override string Id => "cut";

    public override string Name => "Cut";

    public override string Icon => "content_cut";

    public override CommandGroup Group => CommandGroup.Clipboard;

    public override int Order => 1;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+X")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        clipboard.Put(context.Caller, new ClipboardContent(JobKind.Move, directory.Directory, context.Path, entries));
        context.Surface.Announce($"{SizeText.Items(entries.Count)} cut. Paste with Ctrl+V, in any folder.");
    }
}
