using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Files;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Capstan.WebUi.ViewModels.Preview;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Radzen;

namespace Capstan.WebUi.Components.Pages;

/// <summary>A text file in an editor. Loading, saving and the word on a newer version are editor.js's; the page guards what is not saved.</summary>
public sealed partial class EditPage : ComponentBase, IAsyncDisposable
{
    private FilePath _path = FilePath.Root;
    private ElementReference _stage;
    private ComponentScript? _editor;
    private DotNetObjectReference<EditPage>? _self;
    private bool _isDirty;
    private bool _mayWrite = true;
    private string? _opened;

    [Parameter]
    public string? Path { get; set; }

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private TransferFlow Transfers { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private EditTarget Target => new(Client, Identity.Caller);

    protected override void OnParametersSet()
    {
        // Not the route's parameter: it has been decoded once too often for some names.
        if (FilePath.TryParseUrl(Navigation.Uri, "/edit/", out FilePath path))
            _path = path;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_opened == Navigation.Uri)
            return;
        _opened = Navigation.Uri;
        _self ??= DotNetObjectReference.Create(this);
        if (_editor is not null)
            await _editor.DisposeAsync();
        _editor = new ComponentScript("/js/editor.js");
        await _editor.AttachAsync(Js, "open", _self, _stage, _path.ToUrlPath(), NameText.Of(_path.Name), PreviewItem.MaxEditable);
    }

    [JSInvokable]
    public void Dirty(bool isDirty)
    {
        _isDirty = isDirty;
        StateHasChanged();
    }

    /// <summary>Asked whenever the text is loaded.</summary>
    [JSInvokable]
    public async Task<bool> MayWrite()
    {
        _mayWrite = await Target.MayWriteAsync(_path);
        StateHasChanged();
        return _mayWrite;
    }

    /// <summary>The copy is the caller's own.</summary>
    [JSInvokable]
    public async Task CopyElsewhere()
    {
        if (await Target.FindAsync(_path) is not { } file)
            return;
        FolderPicker picker = new(Client, Identity.Caller);
        await picker.GoAsync(_path.Parent);
        object? answer = await FolderDialog.AskAsync((title, parameters, width) => Dialogs.AskAsync<FolderDialog>(title, parameters, width), picker, JobKind.Copy, [file.Entry]);
        if (answer is FolderPicker to)
            Transfers.Start(Client, Identity.Caller, new ClipboardContent(JobKind.Copy, [file]), to.Folder, to.Path);
    }

    public async ValueTask DisposeAsync()
    {
        if (_editor is not null)
            await _editor.DisposeAsync();
        _self?.Dispose();
    }

    private Task SaveAsync() => _editor is { IsAttached: true } editor ? editor.CallAsync("save") : Task.CompletedTask;

    private async Task GuardAsync(LocationChangingContext going)
    {
        if (_isDirty && _editor is not null && await _editor.AskAsync<bool?>("mayLeave") == false)
            going.PreventNavigation();
    }
}
