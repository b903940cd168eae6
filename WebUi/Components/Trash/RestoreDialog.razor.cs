using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Trash;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Trash;

/// <summary>Closes with the places (<see cref="TrashPlace"/>), one for each entry in order, or with nothing.</summary>
public sealed partial class RestoreDialog : ComponentBase
{
    private ElementReference _input;
    private RestorePlan _plan = null!;
    private string _folder = "/";
    private string _name = "";
    private bool _make = true;
    private bool _rename = true;
    private bool _busy;
    private string? _problem;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<RefusedRestore> Refused { get; set; } = [];

    protected override async Task OnInitializedAsync()
    {
        _plan = new RestorePlan(Client, Identity.Caller);
        TrashEntry first = Refused[0].Entry;
        _name = NameText.Editable(first.Name);
        _folder = NameText.Editable(new FilePath([.. first.Path.Take(first.Path.Count - 1)]));
        // Its folder is gone: the one above it that is not is a better proposal than none.
        if (Refused[0].Errno is FsErrno.Stale or FsErrno.NoEntry)
            _folder = NameText.Editable(await _plan.NearestAsync(first));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _input.FocusAsync();
    }

    private async Task ChooseAsync()
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            _problem = await TryChooseAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>What is wrong, in words; null when the dialog was closed with places.</summary>
    private async Task<string?> TryChooseAsync()
    {
        if (!RestorePlan.TryParse(_folder, out FilePath path))
            return "This is not a path: names have 1 to 255 bytes, and “.” and “..” are none.";
        List<(TrashEntry Entry, FileName Name)> wanted = [.. Refused.Select(r => (r.Entry, r.Entry.Name))];
        if (Refused.Count == 1)
        {
            if (FileName.TryParse(_name, out FileName name) != FsErrno.Ok)
                return "This is not a name: names have 1 to 255 bytes and no “/”.";
            wanted[0] = (wanted[0].Entry, name);
        }
        FsResult<InodeId> folder = await _plan.FolderAsync(path, _make);
        if (!folder.IsOk)
            return $"{NameText.Visible(path.ToString())} cannot be used. {ErrorText.Of(folder.Errno).Sentence}";
        FsResult<IReadOnlyList<TrashPlace>> places = await _plan.PlacesAsync(wanted, path, folder.Value, _rename);
        if (!places.IsOk)
            return ErrorText.Of(places.Errno).Sentence;
        Dialogs.Close(places.Value);
        return null;
    }
}
