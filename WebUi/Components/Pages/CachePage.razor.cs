using Capstan.ClientGateway;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Components.Cache;
using Capstan.WebUi.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Pages;

/// <summary>The gateway's caches, caps and session: figures twice a second, charts every second, the table that is shown every two.</summary>
public sealed partial class CachePage : PolledComponent
{
    private const int ChartEvery = 2;
    private const int TableEvery = 4;

    private static readonly (HistoryRange Range, string Text)[] Ranges = [(HistoryRange.FiveMinutes, "5 min"), (HistoryRange.Hour, "1 h"), (HistoryRange.Day, "24 h")];

    private CacheViewModel _cache = null!;
    private ChartBoard? _charts;
    private TablePanel? _table;
    private ActionPanel? _actions;
    private HistoryRange _range;
    private TableQuery _query = new(CacheTables.Directories, null, false, "");
    private bool _paused;
    private int _ticks;

    [Inject]
    private IGatewayAdministration Gateway { get; set; } = null!;

    [Inject]
    private CacheHistory History { get; set; } = null!;

    [Inject]
    private CacheTables Tables { get; set; } = null!;

    [Inject]
    private Administrators Administrators { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "table")]
    private string? TableInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? SortInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "desc")]
    private bool DescendingInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "path")]
    private string? FilterInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "range")]
    private string? RangeInAddress { get; set; }

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(500);

    protected override void OnInitialized()
    {
        _cache = new CacheViewModel(Gateway, History);
        base.OnInitialized();
    }

    protected override void OnParametersSet()
    {
        _range = Enum.TryParse(RangeInAddress, out HistoryRange range) ? range : HistoryRange.FiveMinutes;
        _query = new TableQuery(TableInAddress ?? CacheTables.Directories, SortInAddress, DescendingInAddress, FilterInAddress ?? "");
    }

    protected override bool Poll()
    {
        if (!Administrators.IsAdministrator)
            return false;
        _cache.Refresh();
        _actions?.Tick();
        if (_ticks % ChartEvery == 0)
            _ = InvokeAsync(() => _charts?.TickAsync() ?? Task.CompletedTask);
        if (++_ticks % TableEvery == 0)
            _ = InvokeAsync(RefreshTableAsync);
        return true;
    }

    private async Task RefreshTableAsync()
    {
        try
        {
            if (_table is not null)
                await _table.TickAsync(Stopped);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private Task EvictAsync(string handle) => _actions?.EvictAsync(handle) ?? Task.CompletedTask;

    private async Task ShowAsync(HistoryRange range)
    {
        _range = range;
        Go();
        if (_charts is not null)
            await _charts.TickAsync();
    }

    private void Arrange(TableQuery query)
    {
        _query = query;
        Go();
    }

    /// <summary>State worth keeping is in the address.</summary>
    private void Go() => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["table"] = _query.Table == CacheTables.Directories ? null : _query.Table,
            ["sort"] = _query.Sort,
            ["desc"] = _query.Descending ? true : null,
            ["path"] = _query.Filter.Length > 0 ? _query.Filter : null,
            ["range"] = _range == HistoryRange.FiveMinutes ? null : _range.ToString(),
        }),
        replace: true);
}
