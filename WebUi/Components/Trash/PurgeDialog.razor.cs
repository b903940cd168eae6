using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Hosting;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Trash;

public sealed partial class PurgeDialog : PolledComponent
{
    private ElementReference _cancel;
    private long _entries;
    private long _folders;
    private long _bytes;
    private bool _isCounted;
    private bool _isDrawn;
    private FsErrno _error;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Parameter]
    public IReadOnlyList<TrashEntry> Entries { get; set; } = [];

    /// <summary>All of the trash: it is counted while one reads.</summary>
    [Parameter]
    public bool Everything { get; set; }

    protected override Task OnInitializedAsync() => Everything ? CountAsync() : Task.CompletedTask;

    protected override bool Poll()
    {
        bool changed = !_isDrawn;
        _isDrawn = _isCounted || !Everything;
        return changed;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _cancel.FocusAsync();
    }

    private async Task CountAsync()
    {
        TrashId? last = null;
        try
        {
            while (!_isCounted)
            {
                FsResult<IReadOnlyList<TrashEntry>> page = await Client.ListTrashAsync(Identity.Caller, last, cancellation: Stopped);
                _error = page.Errno;
                IReadOnlyList<TrashEntry> entries = page.IsOk ? page.Value! : [];
                _entries += entries.Count;
                _folders += entries.Count(e => e.Attributes.IsDirectory);
                _bytes += entries.Sum(e => e.Attributes.Kind == FileKind.File ? e.Attributes.Size : 0);
                _isCounted = entries.Count < ListTrashOperation.MaxCount;
                last = entries.Count > 0 ? entries[^1].Id : last;
            }
        }
        catch (OperationCanceledException) when (Stopped.IsCancellationRequested)
        {
            // The dialog was closed.
        }
    }
}
