using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Administration;

/// <summary>Rows that are read whole, then filtered and sorted by reference; text is made of those alone that are drawn.</summary>
/// <param name="subject">What the filter looks at, and an action is about.</param>
internal sealed class DataTable<T>(
    string id, string title, string empty, Func<T, string?> subject, IReadOnlyList<DataColumn<T>> columns, string sort, Func<CancellationToken, Task<FsResult<IReadOnlyList<T>>>> read, RowAction action = RowAction.None)
    : IDataTable
{
    private IReadOnlyList<T> _all = [];
    private T[] _rows = [];

    public string Id => id;

    public string Title => title;

    public string Empty => empty;

    public RowAction Action => action;

    public IReadOnlyList<DataHead> Heads { get; } = [.. columns.Select(c => new DataHead(c.Id, c.Title, c.Width, c.IsNumber))];

    public int Count => _rows.Length;

    public int Total => _all.Count;

    public string Sort { get; private set; } = sort;

    public bool Descending { get; private set; } = columns.First(c => c.Id == sort) is { IsNumber: true } or { IsTime: true };

    public string Filter { get; private set; } = "";

    public string? Problem { get; private set; }

    public void Arrange(string? sort, bool descending, string filter)
    {
        if (columns.Any(c => c.Id == sort))
            (Sort, Descending) = (sort!, descending);
        Filter = filter;
        Arrange();
    }

    public async Task RefreshAsync(CancellationToken cancellation)
    {
        FsResult<IReadOnlyList<T>> rows = await read(cancellation);
        Problem = rows.IsOk ? null : ErrorText.Of(rows.Errno).Sentence;
        if (rows.IsOk)
            _all = rows.Value!;
        Arrange();
    }

    public IReadOnlyList<DataRow> Window(int first, int count)
    {
        first = Math.Clamp(first, 0, Math.Max(0, _rows.Length - 1));
        return [.. _rows.Skip(first).Take(count).Select((row, i) => new DataRow($"{first + i}", subject(row), [.. columns.Select(c => c.Text(row))]))];
    }

    public IEnumerable<object?[]> Values() => _rows.Select(row => columns.Select(c => (object?)c.Value(row)).ToArray());

    private void Arrange()
    {
        Func<T, IComparable?> key = columns.First(c => c.Id == Sort).Value;
        T[] rows = Filter.Length == 0 ? [.. _all] : [.. _all.Where(row => subject(row)?.Contains(Filter, StringComparison.OrdinalIgnoreCase) == true)];
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        // Keys once a row: some are computed.
        if (Numbers(rows, key) is { } numbers)
            SortByNumber(numbers, order);
        else
            SortByKey(Array.ConvertAll(rows, row => key(row)), order);
        _rows = Array.ConvertAll(order, i => rows[i]);
    }

    /// <summary>Ten thousand numbers are sorted in a fraction of the time that it takes to ask as many objects which is the greater one.</summary>
    private static void SortByNumber(double[] numbers, int[] order)
    {
        Array.Sort(numbers, order);
        // Equals stay in their order: each run of them is put back into it.
        for (int first = 0, next = 1; next <= numbers.Length; next++)
        {
            if (next < numbers.Length && numbers[next] == numbers[first])
                continue;
            Array.Sort(order, first, next - first);
            first = next;
        }
    }

    private void SortByKey(IComparable?[] keys, int[] order) =>
        Array.Sort(order, (a, b) => Compare(keys[a], keys[b]) is var c and not 0 ? (Descending ? -c : c) : a - b);

    /// <summary>Null: the values are no numbers. Backwards their signs are.</summary>
    private double[]? Numbers(T[] rows, Func<T, IComparable?> key)
    {
        double[] numbers = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            double number = key(rows[i]) switch { long n => n, int n => n, uint n => n, double n => n, bool b => b ? 1 : 0, _ => double.NaN };
            if (double.IsNaN(number))
                return null;
            numbers[i] = Descending ? -number : number;
        }
        return numbers;
    }

    private static int Compare(IComparable? a, IComparable? b) =>
        a is string left && b is string right ? string.CompareOrdinal(left, right)
        : a is null || b is null ? (a is null ? 0 : 1) - (b is null ? 0 : 1)
        : a.CompareTo(b);
}
