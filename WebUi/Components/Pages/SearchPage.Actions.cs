using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Files;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.Components.Properties;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Capstan.WebUi.ViewModels.Preview;
using Capstan.WebUi.ViewModels.Search;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Pages;

// What can be done with what was found: as in a listing, wherever each of it lies.
public sealed partial class SearchPage
{
    private (long Id, NameEdit Edit)? _edit;

    /// <summary>To screen readers alone.</summary>
    private string _announcement = "";

    /// <summary>A folder is gone into, a file is looked at; a link is what it leads to.</summary>
    private async Task OpenRowAsync(SearchRow? at)
    {
        if (at is not { } row)
            return;
        FilePath path = _search.PathOf(row);
        bool isFolder = row.Entry.Attributes.IsDirectory;
        if (row.Entry.Attributes.Kind == FileKind.Symlink && await new LinkWalk(Client, Identity.Caller).FollowAsync(path, Stopped) is { IsOk: true, Value: var led })
            (path, isFolder) = (led.Path, led.Found.Attributes.IsDirectory);
        if (isFolder)
            Navigation.NavigateTo(path.ToFilesUrl());
        else if (_search.AtCursor() is { } cursor && cursor.Id == row.Id)
            await PreviewAsync();
    }

    private Task PreviewAsync() => Preview.OpenAsync(new SearchPreview(Client, Identity.Caller, _search), () => _ = InvokeAsync(StateHasChanged), FocusListAsync, Stopped);

    private void Reveal()
    {
        if (_search.Chosen() is [var row])
            Navigation.NavigateTo(ViewQuery.Showing(_search.PathOf(row)));
    }

    private void Edit()
    {
        if (_search.Chosen() is [var row] && PreviewItem.IsEditable(row.Entry))
            Navigation.NavigateTo(_search.PathOf(row).ToEditUrl());
    }

    private async Task DownloadAsync()
    {
        string? url = _search.Chosen() is [{ Entry.Attributes.Kind: FileKind.File } file] ? _search.PathOf(file).ToDownloadUrl()
            : _search.Archive() is { } archive ? Tickets.Issue(archive) : null;
        if (url is not null)
            await Script.CallAsync("download", url);
    }

    private void Remember(JobKind kind)
    {
        if (_search.ChosenPlaces() is not { Count: > 0 } chosen)
            return;
        Clipboard.Put(Identity.Caller, new ClipboardContent(kind, chosen));
        _announcement = $"{SizeText.Items(chosen.Count)} {(kind == JobKind.Move ? "cut" : "copied")}. Paste with Ctrl+V, in any folder.";
    }

    private async Task TransferToAsync(JobKind kind)
    {
        if (_search.ChosenPlaces() is not { Count: > 0 } chosen)
            return;
        FolderPicker picker = new(Client, Identity.Caller);
        await picker.GoAsync(_search.Path, Stopped);
        object? answer = await FolderDialog.AskAsync((title, parameters, width) => Dialogs.AskAsync<FolderDialog>(title, parameters, width), picker, kind, [.. chosen.Select(c => c.Entry)]);
        if (answer is FolderPicker to)
            Problem = Transfers.Start(Client, Identity.Caller, new ClipboardContent(kind, chosen), to.Folder, to.Path);
        await FocusListAsync();
    }

    private void Rename()
    {
        if (_search.Chosen() is not [var row])
            return;
        Picker.Select(_search.PlaceOf(row));
        _edit = (row.Id, new NameEdit(row.Entry, name => name == row.Entry.Name ? Task.FromResult<string?>(null) : _search.RenameAsync(row, name, Transfers), EndEditAsync));
    }

    private async Task EndEditAsync(string? sentence, bool byKey)
    {
        _edit = null;
        Problem = sentence ?? Problem;
        StateHasChanged();
        if (byKey)
            await FocusListAsync();
    }

    private void Delete() => _search.MoveToTrash(Undo);

    private async Task DeleteForGoodAsync()
    {
        IReadOnlyList<SearchRow> chosen = _search.Chosen();
        if (chosen.Count == 0)
            return;
        DeletePlan plan = new(chosen[0].Directory, [.. chosen.Select(r => r.Entry)]);
        if (await Dialogs.AskAsync<DeleteDialog>(plan.Question, new() { [nameof(DeleteDialog.Plan)] = plan }) is true)
        {
            Client.RemoveTrees(Identity.Caller, [.. chosen.Select(r => (r.Directory, r.Entry))]);
            _search.Picker.Clear();
        }
        await FocusListAsync();
    }

    private async Task PropertiesAsync()
    {
        if (_search.Chosen() is { Count: > 0 } chosen)
            await PropertiesDialog.AskAsync((title, parameters, width) => Dialogs.AskAsync<PropertiesDialog>(title, parameters, width), [.. chosen.Select(r => (r.Directory, r.Entry))]);
        await FocusListAsync();
    }

    protected override IReadOnlyList<MenuEntry> MenuEntries()
    {
        List<MenuEntry> items = [];
        IReadOnlyList<SearchRow> chosen = _search.Chosen();
        SearchRow? only = chosen is [var single] ? single : null;
        if (only is { } row)
        {
            items.Add(Entry("Open", "folder_open", () => OpenRowAsync(row)) with { Keys = "Enter" });
            items.Add(Entry("Preview", "visibility", PreviewAsync) with { Keys = "Space" });
            if (PreviewItem.IsEditable(row.Entry))
                items.Add(Entry("Edit", "edit", Edit) with { Keys = "Ctrl+E" });
            items.Add(Entry("Show in folder", "folder", Reveal));
        }
        items.Add(Entry(only is { Entry.Attributes.Kind: FileKind.File } ? "Download" : "Download as zip", "download", DownloadAsync) with { StartsGroup = items.Count > 0 });
        items.Add(Entry("Cut", "content_cut", () => Remember(JobKind.Move)) with { StartsGroup = true, Keys = "Ctrl+X" });
        items.Add(Entry("Copy", "content_copy", () => Remember(JobKind.Copy)) with { Keys = "Ctrl+C" });
        if (only is not null)
            items.Add(Entry("Rename", "edit", Rename) with { StartsGroup = true, Keys = "F2" });
        items.Add(Entry("Move to…", "drive_file_move", () => TransferToAsync(JobKind.Move)) with { StartsGroup = only is null, Keys = "Shift+F6" });
        items.Add(Entry("Copy to…", "file_copy", () => TransferToAsync(JobKind.Copy)) with { Keys = "Shift+F5" });
        items.Add(Entry("Select all", "select_all", Picker.SelectAll) with { StartsGroup = true, Keys = "Ctrl+A" });
        items.Add(Entry("Properties…", "tune", PropertiesAsync) with { Keys = "Alt+Enter" });
        items.Add(Entry("Delete", "delete", Delete) with { IsDangerous = true, StartsGroup = true, Keys = "Delete" });
        items.Add(Entry("Delete permanently…", "delete_forever", DeleteForGoodAsync) with { IsDangerous = true, Keys = "Shift+Delete" });
        return items;
    }

    private static Func<Task> Done(Action act) => () =>
    {
        act();
        return Task.CompletedTask;
    };
}
