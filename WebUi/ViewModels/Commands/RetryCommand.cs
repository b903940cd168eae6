using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>Of a row whose last operation failed.</summary>
public sealed class RetryCommand : FileCommand
{
    public override string Id => "retry";

    public override string Name => "Try again";

    public override string Icon => "refresh";

    public override CommandGroup Group => CommandGroup.Trouble;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override bool IsEnabled(FileCommandContext context) => context.Single is { State: RowState.Failed, Operation: not null };

    public override Task RunAsync(FileCommandContext context)
    {
        if (context.Single?.Operation is { } failed)
            context.Client.Operations.Retry(failed);
        return Task.CompletedTask;
    }
}
