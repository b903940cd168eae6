using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class UploadFolderCommand(IJSRuntime js) : UploadCommand(js)
{
    public override string Id => "upload-folder";

    public override string Name => "Upload folder";

    public override string Icon => "drive_folder_upload";

    public override int Order => 3;

    protected override bool PicksFolders => true;
}
