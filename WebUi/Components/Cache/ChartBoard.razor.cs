using System.Globalization;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Cache;

/// <summary>The charts. Their owner calls <see cref="TickAsync"/> once a second; only new points go to the browser.</summary>
public sealed partial class ChartBoard : ComponentBase, IAsyncDisposable
{
    private const int PointsKept = 400;

    private readonly ComponentScript _charts = new("/js/charts.js");
    private ElementReference _board;
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
        if (!_charts.IsAttached || (IsPaused && Range == _drawn && _last is not null))
            return;
        bool anew = Range != _drawn || _last is null;
        (IReadOnlyList<HistorySample> samples, long added) = History.Read(Range, anew ? 0 : _seen);
        if (samples.Count == 0)
            return;
        double?[][][] points = [.. ChartSpec.All.Select(c => c.Points(anew ? samples : [_last!, .. samples]))];
        (_drawn, _last, _seen) = (Range, samples[^1], added);
        if (points[0][0].Length > 0)
            _latest = points;
        if (anew)
            await _charts.CallAsync("load", (object)points);
        else
            await _charts.CallAsync("push", points, PointsKept);
        StateHasChanged();
    }

    public ValueTask DisposeAsync() => _charts.DisposeAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        if (await _charts.AttachAsync(Js, "attach", _board, ChartSpec.All.Select(c => new { unit = c.Unit, series = c.Series.Select(s => s.Name), max = c.Max })))
            await TickAsync();
    }

    private string Latest(int chart, int series) =>
        chart < _latest.Length && _latest[chart][series + 1] is { Length: > 0 } values && values[^1] is double value
            ? value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture)
            : "–";
}
