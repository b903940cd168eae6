using Capstan.ClientGateway;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Uploads;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Pages;

/// <summary>What was asked for and is not confirmed, live: at most ten redraws a second. An administrator sees everybody's, others their own.</summary>
public sealed partial class OperationsPage : PolledComponent
{
    private const int JobsShown = 20;

    private static readonly TimeSpan AgesEvery = TimeSpan.FromSeconds(1);
    private static readonly (string State, string Text)[] States = [("", "All"), (OperationFilter.Waiting, "Waiting"), (OperationFilter.Failed, "Failed")];

    private JobsViewModel _jobs = null!;
    private OperationsViewModel _operations = null!;
    private UploadsViewModel _uploads = null!;
    private DateTimeOffset _aged;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private IUploadLog UploadLog { get; set; } = null!;

    [Inject]
    private Administrators Administrators { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "show")]
    private string? StateInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    private string? TextInAddress { get; set; }

    private IEnumerable<JobProgress> Jobs => _jobs.Jobs.Where(j => (Administrators.IsAdministrator || j.Job.Caller.Uid == Administrators.Caller.Uid) && _operations.Filter.Passes(j.Job));

    private int UploadsOpen => _uploads.Sets.Count(u => u.Set.State != UploadSetState.Finished);

    private IEnumerable<UploadProgress> Uploads => _uploads.Sets.Where(u => u.Passes(_operations.Filter));

    private string Summary => _operations.Total == 0
        ? !_operations.Filter.IsEverything ? "None of these." : UploadsOpen is var open and > 0 ? $"Everything is confirmed; {SizeText.Count(open, "upload")} not finished." : "Everything is confirmed."
        : $"{SizeText.Number(_operations.Pending)} waiting, {SizeText.Number(_operations.Failed)} failed"
          + (_operations.Pending > 0 ? $"; the oldest waits since {TimeText.Duration(_operations.Oldest)}." : ".");

    protected override void OnInitialized()
    {
        _jobs = new JobsViewModel(Client.Operations, Time);
        _uploads = new UploadsViewModel(UploadLog, Time, Administrators.IsAdministrator ? null : Administrators.Caller.Uid);
        _operations = new OperationsViewModel(Client.Operations, Administrators.IsAdministrator ? null : Administrators.Caller.Uid);
        base.OnInitialized();
    }

    protected override void OnParametersSet() => _operations.Show(new OperationFilter(StateInAddress ?? "", TextInAddress ?? ""));

    protected override bool Poll()
    {
        bool changed = _jobs.Tick() | _operations.Tick() | _uploads.Tick();
        // Ages go on by themselves.
        bool older = (_operations.Total > 0 || _jobs.Jobs.Count > 0) && Time.GetUtcNow() - _aged >= AgesEvery;
        if (older)
            _aged = Time.GetUtcNow();
        return changed || older;
    }

    private void Search(string text) => Show(new OperationFilter(_operations.Filter.State, text));

    /// <summary>State worth keeping is in the address.</summary>
    private void Show(OperationFilter filter)
    {
        _operations.Show(filter);
        Navigation.NavigateTo(
            Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
            {
                ["show"] = filter.State.Length > 0 ? filter.State : null,
                ["q"] = filter.Text.Length > 0 ? filter.Text : null,
            }),
            replace: true);
    }
}
