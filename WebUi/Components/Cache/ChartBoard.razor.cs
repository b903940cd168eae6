using System.Globalization;
using Capstan.WebUi.Administration;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Cache;

/// <summary>The charts. Their owner calls <see cref="TickAsync"/> once a second; only new points go to the browser.</summary>
public sealed partial class ChartBoard : ComponentBase, IAsyncDisposable
{
    private const int PointsKept = 400;

    private ElementReference _board;
    private IJSObjectReference? _module;
    private IJSObjectReference? _charts;
    private double?[][][] _latest = [];
    private HistoryRange _drawn;
    private HistorySample? _last;
    private long _seen;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Parameter, EditorRequired]
    public CacheHistory History { get; set; } = null!;

    [Parameter]
    public HistoryRange Range { get; set; }

    [Parameter]
    public bool IsPaused { get; set; }

    private string Words => Range switch
    {
        HistoryRange.FiveMinutes => "five minutes",
        HistoryRange.Hour => "an hour",
        _ => "a day",
    };

    public async Task TickAsync()
    {
        if (_charts is null || (IsPaused && Range == _drawn && _last is not null))
            return;
        bool anew = Range != _drawn || _last is null;
        (IReadOnlyList<HistorySample> samples, long added) = History.Read(Range, anew ? 0 : _seen);
        if (samples.Count == 0)
            return;
        double?[][][] points = [.. ChartSpec.All.Select(c => c.Points(anew ? samples : [_last!, .. samples]))];
        (_drawn, _last, _seen) = (Range, samples[^1], added);
        if (points[0][0].Length > 0)
            _latest = points;
        try
        {
            if (anew)
                await _charts.InvokeVoidAsync("load", (object)points);
            else
                await _charts.InvokeVoidAsync("push", points, PointsKept);
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone.
        }
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_charts is not null)
            {
                await _charts.InvokeVoidAsync("dispose");
                await _charts.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and its charts with it.
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _module = await Js.InvokeAsync<IJSObjectReference>("import", "/js/charts.js");
        _charts = await _module.InvokeAsync<IJSObjectReference>(
            "attach", _board, ChartSpec.All.Select(c => new { unit = c.Unit, series = c.Series.Select(s => s.Name), max = c.Max }));
        await TickAsync();
    }

    private string Latest(int chart, int series) =>
        chart < _latest.Length && _latest[chart][series + 1] is { Length: > 0 } values && values[^1] is double value
            ? value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture)
            : "–";
}
