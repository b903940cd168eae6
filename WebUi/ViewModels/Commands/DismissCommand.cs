using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>Of a row whose last operation failed: it is a row like others again.</summary>
public sealed class DismissCommand : FileCommand
{
    public override string Id => "dismiss";

    public override string Name => "Dismiss the error";

    public override string Icon => "close";

    public override CommandGroup Group => CommandGroup.Trouble;

    public override int Order => 1;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override bool IsEnabled(FileCommandContext context) => context.Single is { State: RowState.Failed, Operation: not null };

    public override Task RunAsync(FileCommandContext context)
    {
        if (context.Single?.Operation is { } failed)
            context.Client.Operations.Dismiss(failed);
        return Task.CompletedTask;
    }
}
