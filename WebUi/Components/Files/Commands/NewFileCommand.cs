using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class NewFileCommand : FileCommand
{
    private const uint Permissions = 0x1A4; // rw-r--r--

    public override string Id => "new-file";

    public override string Name => "New file";

    public override string Icon => "note_add";

    public override CommandGroup Group => CommandGroup.New;

    public override int Order => 1;

    public override CommandPlaces Places => CommandPlaces.FolderMenu | CommandPlaces.FolderBar;

    public override bool IsEnabled(FileCommandContext context) => context.Directory is not null;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory)
            return;
        await new NameQuestion("New file", "Name", "Make file", (name, _) =>
            CreateFlow.EndAsync(context, directory, context.Client.CreateFile(context.Caller, directory.Directory, name, Permissions))).AskAsync(context);
    }
}
