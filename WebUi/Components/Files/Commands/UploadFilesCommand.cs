using Capstan.WebUi.ViewModels.Commands;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class UploadFilesCommand(IJSRuntime js) : UploadCommand(js)
{
    public override string Id => "upload-files";

    public override string Name => "Upload files";

    public override string Icon => "upload";

    public override int Order => 2;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Alt+U")];

    protected override bool PicksFolders => false;
}
