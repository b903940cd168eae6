using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

// Where names and ranks are among the runs and gaps.
internal sealed partial class DirectoryState
{
    private PageHeader HeaderNow() => new(default, Ino, Version, 0, Total, false);

    private long GapAfter(int index) => index + 1 < _pages.Count ? _pages[index + 1].GapBefore : _tailGap;

    private void SetGapAfter(int index, long gap)
    {
        Debug.Assert(gap >= 0, "a gap holds no fewer than no entries");
        if (index + 1 < _pages.Count)
            _pages[index + 1].GapBefore = gap;
        else
            _tailGap = gap;
        _ranksAreStale = true;
    }

    /// <summary>First rank in [first, first + count) that is not cached, or -1.</summary>
    public long FirstMissing(long first, long count)
    {
        long end = Math.Min(first + Math.Min(count, Total), Total);
        if (first >= end)
            return -1;
        int index = PageAt(first);
        if (index < 0)
            return first;
        for (long rank = RankOfPage(index) + _pages[index].Count; rank < end; rank += _pages[index].Count)
        {
            if (GapAfter(index++) != 0)
                return rank;
        }
        return -1;
    }

    /// <summary>Last rank in [first, end) that is not cached, or -1.</summary>
    public long LastMissing(long first, long end)
    {
        (first, end) = (Math.Max(0, first), Math.Min(end, Total));
        if (first >= end)
            return -1;
        int index = PageAt(end - 1);
        if (index < 0)
            return end - 1;
        for (; RankOfPage(index) > first; index--)
        {
            if (_pages[index].GapBefore != 0)
                return RankOfPage(index) - 1;
        }
        return -1;
    }

    /// <summary>First rank of the gap that a rank which is not cached is in.</summary>
    public long StartOfGap(long rank)
    {
        EnsureRanks();
        int index = Array.BinarySearch(_ranks, 0, _pages.Count, rank);
        index = (index < 0 ? ~index : index) - 1;
        return index < 0 ? 0 : _ranks[index] + _pages[index].Count;
    }

    /// <summary>Index of the last page whose low fence is not after <paramref name="name"/>, or -1.</summary>
    private int PageOf(FileName name)
    {
        // Bulk work comes in the order of the names: mostly it is the page found before, or the next.
        for (int near = _pageFound; near < _pageFound + 2 && near < _pages.Count && _pages[near].Low.CompareTo(name) <= 0; near++)
        {
            if (near + 1 == _pages.Count || _pages[near + 1].Low.CompareTo(name) > 0)
                return _pageFound = near;
        }
        int low = 0, high = _pages.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_pages[middle].Low.CompareTo(name) <= 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        _pageFound = Math.Max(high, 0);
        return high;
    }

    /// <summary>Index of the page that holds the row of this rank, or -1 when it is in a gap.</summary>
    private int PageAt(long rank)
    {
        EnsureRanks();
        int index = Array.BinarySearch(_ranks, 0, _pages.Count, rank);
        if (index < 0)
            index = ~index - 1;
        return index >= 0 && rank < _ranks[index] + _pages[index].Count ? index : -1;
    }

    private long RankOfPage(int index)
    {
        EnsureRanks();
        return _ranks[index];
    }

    private void EnsureRanks()
    {
        if (!_ranksAreStale)
            return;
        if (_ranks.Length < _pages.Count)
            _ranks = new long[Math.Max(16, _pages.Count * 2)];
        long rank = 0;
        for (int i = 0; i < _pages.Count; i++)
        {
            rank += _pages[i].GapBefore;
            _ranks[i] = rank;
            rank += _pages[i].Count;
        }
        _ranksAreStale = false;
    }
}
