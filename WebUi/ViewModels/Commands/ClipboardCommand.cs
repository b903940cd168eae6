using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>What is selected is remembered, to be pasted elsewhere.</summary>
public abstract class ClipboardCommand(FileClipboard clipboard, JobKind kind) : FileCommand
{
    /// <summary>What has been done to the items: "copied".</summary>
    protected abstract string Done { get; }

    public override CommandGroup Group => CommandGroup.Clipboard;

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory || await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        clipboard.Put(context.Caller, new ClipboardContent(kind, PlacedEntry.Of(directory.Directory, context.Path, entries)));
        context.Surface.Announce($"{SizeText.Items(entries.Count)} {Done}. Paste with Ctrl+V, in any folder.");
    }
}
