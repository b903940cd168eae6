using Capstan.Shared;
using Capstan.WebUi.ViewModels.Archives;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>One file as it is; anything more as one zip.</summary>
public sealed class DownloadCommand(ArchiveTickets tickets) : FileCommand
{
    public override string Id => "download";

    public override string Name => "Download";

    public override string Icon => "download";

    public override CommandGroup Group => CommandGroup.Transfer;

    public override int Order => 1;

    public override string Label(FileCommandContext context) => IsOneFile(context) ? Name : "Download as zip";

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory)
            return;
        if (IsOneFile(context))
        {
            await context.Surface.DownloadAsync(context.Path.Append(context.Single!.Value.Entry.Name).ToDownloadUrl());
            return;
        }
        if (await context.Surface.ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        FileName name = entries.Count == 1 ? entries[0].Name : context.Path.IsRoot ? FileName.Create("Files") : context.Path.Name;
        await context.Surface.DownloadAsync(tickets.Issue(new ArchiveTicket(context.Caller, name, ArchiveRoot.Of(directory.Directory, entries))));
        context.Surface.Announce($"{SizeText.Items(entries.Count)} are packed into one zip while it is downloaded.");
    }

    private static bool IsOneFile(FileCommandContext context) => context.Single is { Entry.Attributes.Kind: FileKind.File };
}
