using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Trash;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Trash;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Pages;

/// <summary>What was deleted and can be had back.</summary>
public sealed partial class TrashPage : PickerPage
{
    private TrashViewModel _trash = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private CapstanOptions Options { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "q")]
    private string? FilterInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? OrderInAddress { get; set; }

    protected override RowPicker Picker => _trash.Picker;

    protected override string[] Chords { get; } = ["Enter", "Delete", "Shift+Delete"];

    protected override ulong? NumberAtCursor => _trash.AtCursor()?.Id.Ino.Value;

    /// <summary>Only of the MDS in this process is it known.</summary>
    private string Retention => (Options.Mds, Options.TrashRetention) switch
    {
        (not null, _) => "",
        (_, 0) => "Kept until it is emptied",
        (_, 1) => "Kept for a day",
        var (_, days) => $"Kept for {days} days",
    };

    private string RetentionSentence => (Options.Mds, Options.TrashRetention) switch
    {
        (not null, _) => "The metadata server's administrator has set how long it stays.",
        (_, 0) => "It stays until you empty the trash.",
        (_, 1) => "It stays for a day and is then deleted for good.",
        var (_, days) => $"It stays for {days} days and is then deleted for good.",
    };

    private string RefusedText => _trash.Refused.Count == 1
        ? $"“{NameText.Of(_trash.Refused[0].Entry.Name)}” could not be restored."
        : $"{SizeText.Items(_trash.Refused.Count)} could not be restored.";

    protected override void OnInitialized()
    {
        _trash = new TrashViewModel(Client, Identity.Caller, Time);
        _trash.Arrived += StateHasChanged;
        _trash.Sort(TrashOrder.Parse(OrderInAddress));
        base.OnInitialized();
    }

    protected override Task OnInitializedAsync() => FilterInAddress is { Length: > 0 } ? Task.CompletedTask : _trash.OpenAsync();

    protected override void OnParametersSet()
    {
        _trash.Sort(TrashOrder.Parse(OrderInAddress));
        _trash.Show(FilterInAddress ?? "");
    }

    /// <summary>State worth keeping is in the address.</summary>
    private void Search(string filter)
    {
        _trash.Show(filter);
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("q", filter.Length > 0 ? filter : null), replace: true);
    }

    private void Sort(TrashColumn column) => Sort(_trash.Order.Toggle(column));

    private void Sort(TrashOrder order) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("sort", order.ToString()));

    private void ShowAll()
    {
        _trash.ShowNewest();
        Search("");
    }

    protected override bool Poll() => _trash.Tick();

    protected override ValueTask DisposeCoreAsync()
    {
        _trash.Dispose();
        return base.DisposeCoreAsync();
    }

    protected override Func<Task>? ActionOf(ListKey key) => key.Key switch
    {
        "Delete" => PurgeAsync,
        "Enter" => RestoreAsync,
        _ => null,
    };

    protected override bool IsThere(ulong number) => _trash.Find(number) is not null;

    protected override Task OpenAsync(ulong number)
    {
        Picker.Point(number, CursorMode.Select);
        return RestoreAsync();
    }

    protected override IReadOnlyList<MenuEntry> MenuEntries() =>
    [
        Entry("Restore", "restore_from_trash", RestoreAsync),
        Entry("Restore to another place…", "drive_file_move", ChooseAsync),
        Entry("Select all", "select_all", Picker.SelectAll) with { StartsGroup = true },
        Entry("Delete permanently…", "delete_forever", PurgeAsync) with { IsDangerous = true, StartsGroup = true },
    ];

    private Task RestoreAsync()
    {
        if (_trash.ChosenEntries() is { Count: > 0 } chosen)
            _trash.Restore(chosen);
        return Task.CompletedTask;
    }

    private Task ChooseAsync() => ElsewhereAsync([.. _trash.ChosenEntries().Select(e => new RefusedRestore(e, FsErrno.Ok))]);

    private Task ElsewhereAsync() => ElsewhereAsync(_trash.Refused);

    private async Task ElsewhereAsync(IReadOnlyList<RefusedRestore> refused)
    {
        if (refused.Count == 0)
            return;
        object? answer = await Dialogs.AskAsync<RestoreDialog>(
            refused.Count == 1 ? $"Restore “{NameText.Of(refused[0].Entry.Name)}” to…" : $"Restore {SizeText.Items(refused.Count)} to…",
            new() { [nameof(RestoreDialog.Refused)] = refused }, 520);
        if (answer is IReadOnlyList<TrashPlace> places)
            _trash.Restore([.. refused.Select(r => r.Entry)], places);
        await FocusListAsync();
    }

    private async Task PurgeAsync()
    {
        IReadOnlyList<TrashEntry> chosen = _trash.ChosenEntries();
        if (chosen.Count > 0 && await Dialogs.AskAsync<PurgeDialog>(
            chosen.Count == 1 ? $"Permanently delete “{NameText.Of(chosen[0].Name)}”?" : $"Permanently delete {SizeText.Items(chosen.Count)}?",
            new() { [nameof(PurgeDialog.Entries)] = chosen }, 520) is true)
            _trash.Purge(chosen);
        await FocusListAsync();
    }

    private async Task EmptyAsync()
    {
        if (await Dialogs.AskAsync<PurgeDialog>("Empty the trash?", new() { [nameof(PurgeDialog.Everything)] = true }, 520) is true && await _trash.EmptyAsync() is var errno and not FsErrno.Ok)
            Problem = $"The trash could not be emptied. {ErrorText.Of(errno).Sentence}";
        await FocusListAsync();
    }
}
