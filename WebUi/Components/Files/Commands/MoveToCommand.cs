using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class MoveToCommand(TransferFlow transfers) : TransferToCommand(transfers, JobKind.Move)
{
    public override string Id => "move-to";

    public override string Icon => "drive_file_move";

    public override int Order => 1;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Shift+F6")];
}
