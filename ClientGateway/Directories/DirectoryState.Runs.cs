using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Directories;

// One's own unlinks, which end by the thousand.
internal sealed partial class DirectoryState
{
    /// <summary>The same as that many changes in which a name is gone, but each page is put in order once.</summary>
    public void ApplyRemovals(DirectoryVersion from, FileName[] names)
    {
        // Pages on their way need each change in the log, and a follower each change; what does not follow on the version has its own rules.
        if (!IsKnown || from != Version || StreamsUnderWay > 0 || Follower is not null)
        {
            foreach (FileName name in names)
            {
                Apply(new DirectoryDelta(Ino, from, from.Next, DeltaKind.Removed, name, null));
                from = from.Next;
            }
            return;
        }
        Version = new DirectoryVersion(from.Value + names.Length);
        if (from <= SettledAt)
            OnSettled(Version); // Nobody else holds it.
        RemoveFromEntries(names);
        ChangeCounter++;
    }

    private void RemoveFromEntries(FileName[] names)
    {
        HashSet<CachedPage> touched = [];
        for (int i = 0; i < names.Length;)
        {
            int index = PageOf(names[i]);
            CachedPage? page = index >= 0 && names[i].CompareTo(_pages[index].High) <= 0 ? _pages[index] : null;
            int end = i + 1;
            while (page is not null && end < names.Length && names[end].CompareTo(page.Low) >= 0 && names[end].CompareTo(page.High) <= 0)
                end++;
            int removed = page is not null ? RemoveRows(page, names.AsSpan(i, end - i)) : TryShrinkGap(index) ? 1 : 0;
            Total -= end - i;
            if (removed != end - i)
            {
                // A change that contradicts the cache: one of them is wrong, and it is not the MDS.
                counters.DeltaGaps++;
                Forget();
                return;
            }
            if (page is not null)
                touched.Add(page);
            i = end;
        }
        foreach (FileName name in names)
        {
            if (Names.Count > 0)
                Names.Remove(name);
            NoteRowChange(DirectoryChangeKind.Removed, name);
        }
        _ranksAreStale = true;
        if (Attributes is not null)
            Attributes = Attributes with { Size = Total };
        foreach (CachedPage page in touched)
        {
            if (_pages.IndexOf(page) is >= 0 and var index)
                Tidy(index);
        }
        Debug.Assert(Total == CachedEntries + _tailGap + _pages.Sum(p => p.GapBefore), "pages and gaps make up the count");
    }

    /// <summary>How many of the names were there.</summary>
    private int RemoveRows(CachedPage page, ReadOnlySpan<FileName> names)
    {
        int before = page.Bytes;
        int removed = 0;
        foreach (FileName name in names)
            removed += page.Remove(name) ? 1 : 0;
        budget.Changed(before, page);
        CachedEntries -= removed;
        return removed;
    }
}
