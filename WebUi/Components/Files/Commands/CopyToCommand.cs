using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class CopyToCommand(TransferFlow transfers) : TransferToCommand(transfers, JobKind.Copy)
{
    public override string Id => "copy-to";

    public override string Icon => "content_copy";

    public override int Order => 2;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Shift+F5")];
}
