using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>The rows that are drawn: a run of ranks, of which some may not have arrived yet (null).</summary>
public sealed class RowWindow
{
    private DirectoryRow?[] _rows = [];

    public long First { get; private set; }

    public IReadOnlyList<DirectoryRow?> Rows => _rows;

    public bool IsComplete => Array.TrueForAll(_rows, r => r is not null);

    /// <summary>Rows are to be drawn, and none of them has arrived.</summary>
    public bool IsBlank => _rows.Length > 0 && Array.TrueForAll(_rows, r => r is null);

    /// <summary>There are rows, and each of them is about to go or to change.</summary>
    public bool IsPassing => _rows.Length > 0 && Array.TrueForAll(_rows, r => r is { State: RowState.Pending or RowState.Leaving });

    public DirectoryRow? At(long rank) => rank >= First && rank < First + _rows.Length ? _rows[rank - First] : null;

    public DirectoryRow? Find(FileName name) => Array.Find(_rows, r => r is { } row && row.Entry.Name == name);

    /// <summary>Looks elsewhere; rows that both places have are kept.</summary>
    public void MoveTo(long first, int count)
    {
        DirectoryRow?[] rows = new DirectoryRow?[count];
        for (int i = 0; i < count; i++)
            rows[i] = At(first + i);
        First = first;
        _rows = rows;
    }

    /// <summary>The same rows, so much further down: others came above.</summary>
    public void Shift(long by)
    {
        First += by;
        for (int i = 0; i < _rows.Length; i++)
            _rows[i] = _rows[i] is { } row ? row with { Rank = row.Rank + by } : null;
    }

    public void Fill(IReadOnlyList<DirectoryRow> rows)
    {
        foreach (DirectoryRow row in rows)
            if (row.Rank >= First && row.Rank < First + _rows.Length)
                _rows[row.Rank - First] = row;
    }
}
