using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class NewFolderCommand : FileCommand
{
    private const uint Permissions = 0x1ED; // rwxr-xr-x

    public override string Id => "new-folder";

    public override string Name => "New folder";

    public override string Icon => "create_new_folder";

    public override CommandGroup Group => CommandGroup.New;

    public override CommandPlaces Places => CommandPlaces.FolderMenu | CommandPlaces.FolderBar;

    // Browsers keep Ctrl+Shift+N for themselves where they are not full-screen.
    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Alt+N"), KeyChord.Parse("Ctrl+Shift+N")];

    public override bool IsEnabled(FileCommandContext context) => context.Directory is not null;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory)
            return;
        await new NameQuestion("New folder", "Name", "Make folder", (name, _) =>
            CreateFlow.EndAsync(context, directory, context.Client.MakeDirectory(context.Caller, directory.Directory, name, Permissions))).AskAsync(context);
    }
}
