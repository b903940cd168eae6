using Capstan.ClientGateway;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Capstan.WebUi.ViewModels.Undo;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Controls;

/// <summary>One toast a job, never one an item.</summary>
public sealed partial class JobToasts : PolledComponent
{
    private JobsViewModel _jobs = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private UndoHistory Undo { get; set; } = null!;

    [Inject]
    private StartedJobs Started { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    protected override void OnInitialized()
    {
        _jobs = new JobsViewModel(Client.Operations, Time);
        base.OnInitialized();
    }

    protected override bool Poll()
    {
        bool changed = _jobs.Tick();
        // The tab that asked for a job puts its question by itself; others show that there is one.
        if (_jobs.Toasts.FirstOrDefault(j => j.Job.Conflicts.Count > 0 && Started.Take(j.Id)) is { } asks)
            _ = InvokeAsync(() => DecideAsync(asks.Job));
        return changed;
    }

    private Task DecideAsync(OperationJob job) => ConflictDialog.AskAsync(Dialogs, job);

    /// <summary>What it did is taken back by a job with a toast of its own, in the place of this one.</summary>
    private async Task UndoAsync(OperationJob job)
    {
        await Undo.UndoAsync(job);
        _jobs.Dismiss(job);
    }
}
