using Capstan.Shared;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>A second name for a file.</summary>
public sealed class HardLinkCommand : FileCommand
{
    public override string Id => "hard-link";

    public override string Name => "Give a second name (hard link)";

    public override string Icon => "dataset_linked";

    public override CommandGroup Group => CommandGroup.Organize;

    public override int Order => 5;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override bool IsEnabled(FileCommandContext context) => context.Single is { Entry.Attributes.IsDirectory: false };

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context is not { Directory: { } directory, Single.Entry: { } entry })
            return;
        string shown = NameText.Editable(entry.Name);
        InodeAddress source = new(directory.Directory, entry.Name, entry.Attributes.Ino);
        await new NameQuestion($"A second name for “{NameText.Of(entry.Name)}”", "Second name", "Make hard link", (name, _) =>
            CreateFlow.EndAsync(context, directory, context.Client.Link(context.Caller, source, directory.Directory, name)))
        {
            Initial = shown,
            Stem = NameRules.StemLength(shown, isDirectory: false),
        }.AskAsync(context);
    }
}
