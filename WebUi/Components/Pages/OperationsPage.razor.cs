using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Pages;

/// <summary>What was asked for and is not confirmed, live: at most ten redraws a second.</summary>
public sealed partial class OperationsPage : PolledComponent
{
    private static readonly TimeSpan AgesEvery = TimeSpan.FromSeconds(1);

    private JobsViewModel _jobs = null!;
    private OperationsViewModel _operations = null!;
    private DateTimeOffset _aged;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    private string Summary => _operations.Total == 0
        ? "Everything is confirmed."
        : $"{SizeText.Number(_operations.Pending)} waiting, {SizeText.Number(_operations.Failed)} failed"
          + (_operations.Pending > 0 ? $"; the oldest waits since {TimeText.Duration(_operations.Oldest)}." : ".");

    protected override void OnInitialized()
    {
        _jobs = new JobsViewModel(Client.Operations, Time);
        _operations = new OperationsViewModel(Client.Operations);
        base.OnInitialized();
    }

    protected override bool Poll()
    {
        bool changed = _jobs.Tick() | _operations.Tick();
        // Ages go on by themselves.
        bool older = (_operations.Total > 0 || _jobs.Jobs.Count > 0) && Time.GetUtcNow() - _aged >= AgesEvery;
        if (older)
            _aged = Time.GetUtcNow();
        return changed || older;
    }
}
