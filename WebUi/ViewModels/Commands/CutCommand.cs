using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.ViewModels.Commands;

public sealed class CutCommand(FileClipboard clipboard) : ClipboardCommand(clipboard, JobKind.Move)
{
    public override string Id => "cut";

    public override string Name => "Cut";

    protected override string Done => "cut";

    public override string Icon => "content_cut";

    public override int Order => 1;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+X")];
}
