using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.ViewModels.Commands;

public sealed class CopyCommand(FileClipboard clipboard) : ClipboardCommand(clipboard, JobKind.Copy)
{
    public override string Id => "copy";

    public override string Name => "Copy";

    protected override string Done => "copied";

    public override string Icon => "content_copy";

    public override int Order => 0;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+C")];
}
