using System.Numerics;
using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

/// <summary>
/// Of a large job, the operations that have been asked for and are not taken in yet. They hold no names. So that what was asked for first still comes first, an operation of somebody else on one of their
/// names takes that one in before itself, and one that is about their whole directory all of them. Names are looked for only then, in a table of numbers that is made for the purpose. Under the gateway's lock.
/// </summary>
/// <param name="within">The directory that all of them are in; none: they are in several, and nobody knows without a look at each.</param>
/// <param name="claimAt">The names that the operation at a place is about: where it is listed (0), and in the trash (1).</param>
/// <param name="add">Takes in the operation at a place.</param>
internal sealed class OutsideOperations(TrackedJob job, int count, InodeId within, Func<int, int, (InodeId Dir, FileName Name)> claimAt, Action<int> add)
{
    private const int Claims = 2;

    private readonly HashSet<int> _early = [];
    private readonly HashSet<InodeId> _directories = [];
    private int[]? _table; // Open addressing; 0 is empty, otherwise one more than a place times the claims and which of them.

    public TrackedJob Job => job;

    /// <summary>From here on they are outside, but for those that were taken in early.</summary>
    public int Next { get; private set; }

    public int Left => count - Next - _early.Count;

    /// <summary>The next one in turn.</summary>
    public void TakeIn()
    {
        int place = Next++;
        if (!_early.Remove(place))
            add(place);
    }

    /// <summary>Those of this name, if any.</summary>
    public void TakeIn(InodeId dir, FileName name)
    {
        if (!MayBeAbout(dir))
            return;
        int[] table = Table();
        for (int at = HashCode.Combine(dir, name) & (table.Length - 1); table[at] != 0; at = (at + 1) & (table.Length - 1))
        {
            (int place, int claim) = Math.DivRem(table[at] - 1, Claims);
            if (place >= Next && !_early.Contains(place) && claimAt(place, claim) == (dir, name))
                TakeInEarly(place);
        }
    }

    /// <summary>Those of this directory, if any.</summary>
    public void TakeIn(InodeId dir)
    {
        if (!IsAbout(dir))
            return;
        for (int place = Next; place < count; place++)
        {
            if (!_early.Contains(place) && claimAt(place, 0).Dir == dir)
                TakeInEarly(place);
        }
    }

    public bool IsAbout(InodeId dir)
    {
        if (!MayBeAbout(dir))
            return false;
        if (!within.IsNone)
            return true; // All of them are in it: no look at each.
        Table();
        return _directories.Contains(dir);
    }

    private bool MayBeAbout(InodeId dir) => !job.IsCancelled && Left > 0 && (within.IsNone || dir == within);

    private void TakeInEarly(int place)
    {
        _early.Add(place);
        add(place);
    }

    private int[] Table()
    {
        if (_table is not null)
            return _table;
        _table = new int[(int)BitOperations.RoundUpToPowerOf2((uint)(2 * Claims * (count - Next)))];
        for (int i = Next * Claims; i < count * Claims; i++)
        {
            (InodeId dir, FileName name) = claimAt(i / Claims, i % Claims);
            if (dir.IsNone)
                continue;
            _directories.Add(dir);
            int at = HashCode.Combine(dir, name) & (_table.Length - 1);
            while (_table[at] != 0)
                at = (at + 1) & (_table.Length - 1);
            _table[at] = i + 1;
        }
        return _table;
    }
}
