using System.Globalization;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Components.Viewport;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components.Cache;

/// <summary>One of the tables, as the address says. It alone is read, and of its rows those in sight alone are drawn.</summary>
public sealed partial class TablePanel : ComponentBase
{
    // Of cache.css.
    private const int Edges = 28;
    private const int Gap = 12;
    private const int ActionWidth = 76;

    private IDataTable? _table;
    private IReadOnlyList<DataRow> _rows = [];
    private int _first;
    private int _count = 60;
    private string _columns = "";
    private int _width;
    private TableQuery? _arranged;
    private RefreshPace _pace = null!;
    private (int Count, int Total, string? Problem) _drawn;
    private bool _isStale = true;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Parameter, EditorRequired]
    public CacheTables Tables { get; set; } = null!;

    [Parameter, EditorRequired]
    public TableQuery Query { get; set; } = null!;

    [Parameter]
    public EventCallback<TableQuery> OnArrange { get; set; }

    /// <summary>The user wants to act on a folder.</summary>
    [Parameter]
    public EventCallback<string> OnChoose { get; set; }

    [Parameter]
    public EventCallback<string> OnEvict { get; set; }

    private string Id => _table?.Id ?? Query.Table;

    private string List => $"{Id} {_table?.Sort} {_table?.Descending} {_table?.Filter}";

    private string Shown => _table is not { } table ? "" : table.Count == table.Total ? SizeText.Count(table.Total, "row") : $"{SizeText.Number(table.Count)} of {SizeText.Count(table.Total, "row")}";

    public async Task TickAsync(CancellationToken cancellation)
    {
        if (_table is not { } table)
            return;
        if (!await _pace.RefreshAsync(table, cancellation) || table != _table)
            return;
        Draw();
        StateHasChanged();
    }

    protected override void OnInitialized() => _pace = new RefreshPace(Time);

    /// <summary>The page asks twice a second; what is drawn is drawn again when it is another.</summary>
    protected override bool ShouldRender()
    {
        bool isStale = _isStale;
        _isStale = false;
        return isStale;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Query == _arranged)
            return;
        _arranged = Query;
        _isStale = true;
        if (_table?.Id != Query.Table || _table is null)
        {
            _table = Tables.Make(Query.Table) ?? Tables.Make(CacheTables.Directories)!;
            _first = 0;
            _columns = string.Join(' ', _table.Heads.Select(h => h.Width)) + (_table.Action == RowAction.None ? "" : $" {ActionWidth}px");
            _width = Edges + _table.Heads.Sum(h => Gap + LeastWidth(h)) + (_table.Action == RowAction.None ? 0 : Gap + ActionWidth);
            _pace = new RefreshPace(Time);
            await _pace.RefreshAsync(_table, default);
            _isStale = true;
        }
        _table.Arrange(Query.Sort, Query.Descending, Query.Filter);
        Draw();
    }

    private void Draw()
    {
        _first = Math.Clamp(_first, 0, Math.Max(0, _table!.Count - 1));
        IReadOnlyList<DataRow> rows = _table.Window(_first, _count);
        (int, int, string?) drawn = (_table.Count, _table.Total, _table.Problem);
        _isStale |= drawn != _drawn || rows.Count != _rows.Count || !rows.Zip(_rows).All(pair => pair.First.IsAs(pair.Second));
        (_rows, _drawn) = (rows, drawn);
    }

    private void Look(ViewportNeed need)
    {
        (_first, _count) = ((int)need.First, need.Count);
        _isStale = true;
        Draw();
    }

    private Task SortAsync(DataHead head) => OnArrange.InvokeAsync(
        new TableQuery(Id, head.Id, head.Id == _table!.Sort ? !_table.Descending : head.IsNumber, _table.Filter));

    private Task FilterAsync(string text) => OnArrange.InvokeAsync(new TableQuery(Id, _table!.Sort, _table.Descending, text));

    /// <summary>Arrows go from tab to tab.</summary>
    private Task MoveAsync(KeyboardEventArgs key)
    {
        int step = key.Key switch { "ArrowRight" => 1, "ArrowLeft" => -1, _ => 0 };
        if (step == 0)
            return Task.CompletedTask;
        List<string> ids = [.. Tables.All.Select(t => t.Id)];
        return OnArrange.InvokeAsync(new TableQuery(ids[(ids.IndexOf(Id) + step + ids.Count) % ids.Count], null, false, ""));
    }

    /// <summary>"minmax(200px, 3fr)" and "84px" begin with it.</summary>
    private static int LeastWidth(DataHead head) => int.Parse(string.Concat(head.Width.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture);

    private string? Order(DataHead head) => head.Id != _table!.Sort ? "none" : _table.Descending ? "descending" : "ascending";

    private string ExportUrl(string format) => $"/admin/export/{Id}.{format}{new TableQuery(Id, _table!.Sort, _table.Descending, _table.Filter).Parameters}";
}
