using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Layout;

/// <summary>How many operations wait, or have failed.</summary>
public sealed partial class OperationsCount : PolledComponent
{
    private long _counter = -1;
    private int _pending;
    private int _failed;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(250);

    protected override bool Poll()
    {
        if (Client.Operations.ChangeCounter == _counter)
            return false;
        _counter = Client.Operations.ChangeCounter;
        (int pending, int failed) = (Client.Operations.PendingCount, Client.Operations.FailedCount);
        bool changed = (pending, failed) != (_pending, _failed);
        (_pending, _failed) = (pending, failed);
        return changed;
    }
}
