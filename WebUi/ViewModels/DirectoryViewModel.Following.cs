using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

// How window, cursor and selection follow what happens to the rows, in the order of names and in an arrangement.
public sealed partial class DirectoryViewModel
{
    private ArrangedSelection? _chosen;
    private bool _isArranged;
    private long _arrangedCounter;

    /// <summary>Shows the rows in another order, or fewer of them. What is selected stays, the cursor stays on its row; rows appear in the old order until the new one is ready.</summary>
    public void Arrange(ViewSpec spec)
    {
        if (spec == Spec)
            return;
        Sync();
        Spec = spec;
        IDirectoryView before = _view;
        _view = _stored.Arranged(spec);
        if (before != _stored)
            before.Dispose();
        _chosen?.Show(spec);
        _arrangedCounter = -1;
        _visibleFirst = 0;
        Refresh();
    }

    /// <summary>Brings selection, cursor and window to the view's present moment. What is read afterwards and is not yet in the changes is caught by the next call.</summary>
    internal void Sync()
    {
        if (_view is IArrangedView { State: ArrangementState.Ready } arranged)
        {
            FollowArranged(arranged);
            return;
        }
        if (_isArranged)
            Unsettle();
        _changes.Clear();
        if (!_view.TryReadChanges(_moment, _changes, out long upTo))
            Recover();
        else if (_changes.Count > 0)
            Follow(new ChangeBatch(_changes));
        _moment = upTo;
        _count = _view.Count;
        Cursor = Math.Clamp(Cursor, 0, Math.Max(0, _count - 1));
    }

    private void Follow(ChangeBatch batch)
    {
        Ranges.Apply(batch);
        if (_visibleFirst > 0 && Window.At(_visibleFirst) is { } top)
        {
            long shift = batch.Shift(RowBound.Before(top.Entry.Name));
            Origin += shift;
            _visibleFirst += shift;
            _wanted.First += shift;
            Window.Shift(shift);
        }
        if (CursorRow is { } row)
        {
            Cursor += batch.Shift(RowBound.Before(row.Entry.Name));
            CursorRow = batch.Removed.Contains(row.Entry.Name) ? null : row with { Rank = Cursor };
        }
        if (Anchor is { } anchor)
            Anchor = batch.Removed.Contains(anchor.Entry.Name) ? null : anchor with { Rank = anchor.Rank + batch.Shift(RowBound.Before(anchor.Entry.Name)) };
        Changed?.Invoke(batch);
    }

    private void Recover()
    {
        bool had = !Ranges.IsEmpty;
        if (!Ranges.Recover(Cached) && had)
            SelectionLost = true;
        Anchor = Anchor is { } anchor ? Cached(anchor.Entry.Name) : null;
        if (CursorRow is { } row)
        {
            CursorRow = Cached(row.Entry.Name);
            Cursor = CursorRow?.Rank ?? Cursor;
        }
        Changed?.Invoke(new ChangeBatch([]));
    }

    private void FollowArranged(IArrangedView arranged)
    {
        long counter = arranged.ChangeCounter;
        if (counter == _arrangedCounter)
            return;
        _arrangedCounter = counter;
        if (_chosen is { IsLost: true })
            LoseChosen();
        if (_chosen is null && arranged.Select() is { } selection)
        {
            _chosen = new ArrangedSelection(selection, Spec);
            _chosen.Take(Ranges);
            Ranges.Clear();
        }
        _isArranged = true;
        _count = arranged.Count;
        // The first row in sight stays where it is on the screen, whatever comes and goes above it.
        if (_visibleFirst > 0 && Window.At(_visibleFirst) is { } top)
        {
            long shift = arranged.RankOf(top.Entry) - _visibleFirst;
            Origin += shift;
            _visibleFirst += shift;
            _wanted.First += shift;
            Window.Shift(shift);
        }
        if (CursorRow is { } row)
        {
            long rank = arranged.FindRank(row.Entry.Name);
            Cursor = rank >= 0 ? rank : arranged.RankOf(row.Entry);
            CursorRow = rank >= 0 ? row with { Rank = rank } : null;
        }
        if (Anchor is { } anchor)
            Anchor = arranged.FindRank(anchor.Entry.Name) is var rank and >= 0 ? anchor with { Rank = rank } : null;
        Cursor = Math.Clamp(Cursor, 0, Math.Max(0, _count - 1));
    }

    /// <summary>The arrangement was lost: rows are in the order of names until there is a new one, and what was selected is not known any more.</summary>
    private void Unsettle()
    {
        _isArranged = false;
        _arrangedCounter = -1;
        LoseChosen();
        _stored.TryReadChanges(0, _changes, out _moment);
        CursorRow = Anchor = null;
    }

    private void LoseChosen()
    {
        SelectionLost |= _chosen is { } chosen && (chosen.IsLost || !chosen.IsEmpty);
        _chosen?.Dispose();
        _chosen = null;
    }

    private DirectoryRow? Cached(FileName name)
    {
        long rank = _view.FindRank(name);
        List<DirectoryRow> one = [];
        return rank >= 0 && _view.TryRead(rank, 1, one) && one.Count > 0 && one[0].Entry.Name == name ? one[0] : null;
    }
}
