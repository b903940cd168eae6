using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels.Uploads;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Layout;

/// <summary>How many operations wait, or have failed; with them the files of uploads of this user that are on their way.</summary>
public sealed partial class OperationsCount : PolledComponent
{
    private long _counter = -1;
    private int _pending;
    private int _failed;
    private UploadsViewModel _uploads = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private IUploadLog UploadLog { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(250);

    protected override void OnInitialized()
    {
        _uploads = new UploadsViewModel(UploadLog, Time, Identity.Caller.Uid);
        base.OnInitialized();
    }

    protected override bool Poll()
    {
        if (!_uploads.Tick() && Client.Operations.ChangeCounter == _counter)
            return false;
        _counter = Client.Operations.ChangeCounter;
        (int pending, int failed) = (Client.Operations.PendingCount + _uploads.Pending, Client.Operations.FailedCount);
        bool changed = (pending, failed) != (_pending, _failed);
        (_pending, _failed) = (pending, failed);
        return changed;
    }
}
