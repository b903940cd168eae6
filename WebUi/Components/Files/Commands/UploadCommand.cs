using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels.Commands;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>Picks what to upload into the folder that is shown. The rest is the browser's work: uploads.js sends it, over HTTP.</summary>
public abstract class UploadCommand(IJSRuntime js) : FileCommand
{
    public override CommandGroup Group => CommandGroup.Transfer;

    public override CommandPlaces Places => CommandPlaces.FolderMenu | CommandPlaces.FolderBar;

    protected abstract bool PicksFolders { get; }

    public override bool IsEnabled(FileCommandContext context) => context.Directory is not null;

    public override async Task RunAsync(FileCommandContext context)
    {
        await using ComponentScript script = new("/js/uploads/uploads.js");
        await script.LoadAsync(js);
        await script.CallAsync("pick", PicksFolders);
    }
}
