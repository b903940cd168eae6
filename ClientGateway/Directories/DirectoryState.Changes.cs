using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

// How changes and pages find their place among the runs and gaps.
internal sealed partial class DirectoryState
{
    private void Log(DirectoryDelta delta)
    {
        if (StreamsUnderWay == 0)
            return;
        if (_log.Count > 0 && _log[^1].To != delta.From.Value)
            _log.Clear(); // Without a gap, or it proves nothing.
        if (_log.Count == LogLimit)
            _log.RemoveRange(0, LogLimit / 4);
        _log.Add((delta.To.Value, delta));
    }

    /// <summary>Applies what was logged while nothing was known and came after the version just learnt.</summary>
    private void CatchUp()
    {
        foreach ((long to, DirectoryDelta delta) in _log.ToArray())
        {
            if (to <= Version.Value)
                continue;
            if (delta.From != Version)
            {
                counters.DeltaGaps++;
                Forget();
                return;
            }
            Version = delta.To;
            ApplyToEntries(delta);
            if (!IsKnown)
                return;
        }
    }

    private void ApplyToEntries(DirectoryDelta delta)
    {
        if (delta.Kind == DeltaKind.Self)
        {
            Attributes = delta.Attributes;
            return;
        }
        Names.Remove(delta.Name);
        int index = PageOf(delta.Name);
        bool inside = index >= 0 && delta.Name.CompareTo(_pages[index].High) <= 0;
        NoteRowChange(delta, inside && delta.Kind == DeltaKind.Changed && _pages[index].TryFind(delta.Name, out PageRow before) ? before.Ino : InodeId.None);
        bool fits;
        if (delta.Kind == DeltaKind.Removed)
        {
            Total--;
            fits = inside ? RemoveRow(index, delta.Name) : TryShrinkGap(index);
        }
        else
        {
            bool added = delta.Kind == DeltaKind.Added;
            Total += added ? 1 : 0;
            fits = true;
            if (inside || (added && GapAfter(index) == 0))
                fits = PutRow(Math.Max(index, 0), delta.Name, PageRow.Of(delta.Attributes!)) == added;
            else if (added)
                SetGapAfter(index, GapAfter(index) + 1);
        }
        _ranksAreStale = true;
        if (!fits)
        {
            // A change that contradicts the cache: one of them is wrong, and it is not the MDS.
            counters.DeltaGaps++;
            Forget();
            return;
        }
        Follower?.OnChange(delta);
        if (Attributes is not null)
            Attributes = Attributes with { Size = Total };
        if (_pages.Count > 0)
            Tidy(Math.Max(index, 0));
        Debug.Assert(Total == CachedEntries + _tailGap + _pages.Sum(p => p.GapBefore), "pages and gaps make up the count");
    }

    private void NoteRowChange(DirectoryDelta delta, InodeId before)
    {
        // A changed row of which nothing is cached may be another inode by now: say so rather than hope.
        if (delta.Kind == DeltaKind.Changed && delta.Attributes!.Ino == before)
            return;
        NoteRowChange(
            delta.Kind switch
            {
                DeltaKind.Added => DirectoryChangeKind.Added,
                DeltaKind.Removed => DirectoryChangeKind.Removed,
                _ => DirectoryChangeKind.Replaced,
            },
            delta.Name);
    }

    private void NoteRowChange(DirectoryChangeKind kind, FileName name)
    {
        TellLeaving(kind, name);
        if (Viewers == 0)
        {
            ForgetRowChanges(); // Nobody will ask.
            return;
        }
        if (_rowChanges.Count == RowChangesKept)
            _rowChanges.Dequeue();
        _rowChanges.Enqueue(new DirectoryChange(kind, name));
        _rowMoment++;
    }

    private void ForgetRowChanges()
    {
        if (_rowChanges.Count > 0)
        {
            _rowChanges.Clear();
            _rowChanges.TrimExcess();
        }
        _rowMoment++;
    }

    private bool RemoveRow(int index, FileName name)
    {
        if (!budget.Change(_pages[index], p => p.Remove(name)))
            return false;
        CachedEntries--;
        return true;
    }

    private bool TryShrinkGap(int index)
    {
        if (GapAfter(index) == 0)
            return false;
        SetGapAfter(index, GapAfter(index) - 1);
        return true;
    }

    /// <summary>Returns whether the name is new.</summary>
    private bool PutRow(int index, FileName name, PageRow row)
    {
        if (_pages.Count == 0)
        {
            DirectoryPageBuilder builder = new();
            builder.TryAdd(name.Span, row);
            CachedPage page = new(DirectoryPage.OpenTrusted(builder.Build(HeaderNow()))) { WasRead = true };
            _pages.Add(page);
            budget.Add(this, page);
            CachedEntries++;
            return true;
        }
        if (!budget.Change(_pages[index], p => p.Put(name, row)))
            return false;
        CachedEntries++;
        return true;
    }

    private void Tidy(int index)
    {
        CachedPage page = _pages[index];
        if (page.Count == 0)
        {
            Evict(page);
            return;
        }
        if (!page.WantsRebuild)
            return;
        List<CachedPage> fresh = page.Rebuild(HeaderNow());
        budget.Remove(page);
        _pages.RemoveAt(index);
        _pages.InsertRange(index, fresh);
        foreach (CachedPage one in fresh)
        {
            one.WasRead = page.WasRead;
            budget.Add(this, one);
        }
        _ranksAreStale = true;
    }

    private CachedPage? Insert(DirectoryPage page, bool prefetched, ReadaheadWindow? window = null)
    {
        CachedPage cached = new(page);
        long rank = page.Header.FirstRank;
        if (!BringUpToDate(cached, page.Header.Version, ref rank) || cached.Count == 0)
            return null;

        int next = PageOf(cached.Low) + 1;
        CachedPage? before = next > 0 ? _pages[next - 1] : null;
        int last = PageOf(cached.High) + 1;
        if (last > next || (before is not null && cached.Low.CompareTo(before.High) <= 0))
        {
            // Overlaps what is there: keep only what is new and adjoins the page before.
            FileName low = before?.High ?? default;
            int countBefore = cached.Count;
            int hidden = low.IsEmpty ? 0 : cached.LowerBound(low) + (cached.TryFind(low, out _) ? 1 : 0);
            cached.Trim(low, next < _pages.Count ? _pages[next].Low : default);
            Debug.Assert(hidden <= countBefore);
            rank += hidden;
            if (cached.Count == 0)
                return null;
        }
        long end = next == 0 ? 0 : RankOfPage(next - 1) + _pages[next - 1].Count;
        long gap = GapAfter(next - 1);
        long gapBefore = rank - end;
        long gapAfter = gap - gapBefore - cached.Count;
        if (gapBefore < 0 || gapAfter < 0)
        {
            // Ranks that do not fit what is cached: believe the page, not the cache.
            counters.DeltaGaps++;
            DropPages();
            next = 0;
            gapBefore = rank;
            gapAfter = Total - rank - cached.Count;
            if (gapAfter < 0)
                return null;
        }
        cached.GapBefore = gapBefore;
        cached.WasPrefetched = prefetched;
        cached.Window = window;
        _pages.Insert(next, cached);
        SetGapAfter(next, gapAfter);
        CachedEntries += cached.Count;
        _ranksAreStale = true;
        budget.Add(this, cached);
        if (prefetched)
            counters.ReadaheadIssued++;
        ChangeCounter++;
        return cached;
    }

    /// <summary>Whether a page of this very version fills a gap and nothing but a gap: its ranks and its names lie between the same two cached neighbours.</summary>
    public bool Fits(DirectoryPage page)
    {
        PageHeader header = page.Header;
        if (!IsKnown || page.Count == 0 || header.Version != Version || header.Total != Total)
            return false;
        FileName low = page.Name(0), high = page.Name(page.Count - 1);
        int before = PageOf(low);
        long end = before < 0 ? 0 : RankOfPage(before) + _pages[before].Count;
        if (PageOf(high) != before || (before >= 0 && low.CompareTo(_pages[before].High) <= 0))
            return false;
        long gapBefore = header.FirstRank - end, gapAfter = GapAfter(before) - gapBefore - page.Count;
        // Where no gap is left there can be no name, and where names are left there is a gap.
        return gapBefore >= 0 && gapAfter >= 0;
    }

    /// <summary>Applies to a page, before it joins, the changes that came after it was read. False: the log does not reach back.</summary>
    private bool BringUpToDate(CachedPage page, DirectoryVersion version, ref long rank)
    {
        if (version == Version)
            return true;
        long oldest = _log.Count > 0 ? _log[0].Delta.From.Value : long.MaxValue;
        if (oldest > version.Value || _log[^1].To != Version.Value)
            return false;
        FileName low = page.Low, high = page.High;
        foreach ((long to, DirectoryDelta delta) in _log)
        {
            if (to <= version.Value || delta.Kind == DeltaKind.Self)
                continue;
            int shift = delta.Kind switch { DeltaKind.Added => 1, DeltaKind.Removed => -1, _ => 0 };
            if (delta.Name.CompareTo(low) < 0)
                rank += shift;
            else if (delta.Name.CompareTo(high) > 0)
                continue;
            else if (delta.Kind == DeltaKind.Removed)
                page.Remove(delta.Name);
            else
                page.Put(delta.Name, PageRow.Of(delta.Attributes!));
        }
        return true;
    }
}
