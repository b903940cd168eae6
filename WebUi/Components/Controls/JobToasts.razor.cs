using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Controls;

/// <summary>One toast a job, never one an item.</summary>
public sealed partial class JobToasts : PolledComponent
{
    private JobsViewModel _jobs = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    protected override void OnInitialized()
    {
        _jobs = new JobsViewModel(Client.Operations, Time);
        base.OnInitialized();
    }

    protected override bool Poll() => _jobs.Tick();
}
