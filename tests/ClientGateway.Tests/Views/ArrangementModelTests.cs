using System.Text;
using Capstan.ClientGateway.Views;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Tests.Views;

/// <summary>Arrangements under random changes, against a plain list that is sorted anew each time.</summary>
public sealed class ArrangementModelTests
{
    private static readonly InodeId Dir = new(10);

    private static readonly ViewSpec[] Specs =
    [
        .. Enum.GetValues<SortColumn>().SelectMany(sort => new[] { new ViewSpec(sort), new ViewSpec(sort, true), new ViewSpec(sort, false, "1"), new ViewSpec(sort, true, "*b?*") }),
    ];

    private readonly SortedDictionary<FileName, InodeAttributes> _truth = [];
    private readonly Arrangement _rows = new(Dir);
    private long _version = 1;
    private ulong _nextIno = 1000;
    private Random _random = new(0);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 40)]
    [InlineData(4, 3000)]
    [InlineData(5, 12_000)]
    public void RandomChanges_EveryOrderEqualsTheListSortedAnew(int seed, int entries)
    {
        _random = new Random(seed);
        Start(entries);
        for (int round = 0; round < 6; round++)
        {
            // Some orders exist before the changes and some are made after.
            foreach (ViewSpec spec in Specs.Take(4 + (round * 4)))
                _rows.Build(spec, CancellationToken.None);
            for (int i = 0; i < 150; i++)
                Change();
            foreach (ViewSpec spec in Specs)
                _rows.Build(spec, CancellationToken.None);
            foreach (ViewSpec spec in Specs)
                Assert.Equal(Sorted(spec), Read(spec));
        }
    }

    [Fact]
    public void RankOf_RowsThereAndGone_CountsThoseBefore()
    {
        Start(2000);
        ViewSpec spec = new(SortColumn.Size, true);
        _rows.Build(spec, CancellationToken.None);
        DirectoryEntry[] seen = [.. _truth.Select(e => new DirectoryEntry(e.Key, e.Value))];
        for (int i = 0; i < 800; i++)
            Change();
        List<FileName> now = Sorted(spec);
        foreach (DirectoryEntry entry in seen)
        {
            Assert.True(_rows.TryRead(spec, (_, order) => order.RankOf(entry.Name, PageRow.Of(entry.Attributes)), out long rank));
            if (_truth.TryGetValue(entry.Name, out InodeAttributes? same) && same == entry.Attributes)
                Assert.Equal(now.IndexOf(entry.Name), rank);
            Assert.InRange(rank, 0, now.Count);
        }
    }

    [Fact]
    public async Task Build_WhileChangesArrive_EndsAtThePresent()
    {
        Start(20_000);
        ViewSpec other = new(SortColumn.Size);
        _rows.Build(other, CancellationToken.None);
        foreach (ViewSpec spec in Specs)
        {
            Task building = Task.Run(() => _rows.Build(spec, CancellationToken.None), TestContext.Current.CancellationToken);
            do
            {
                for (int i = 0; i < 20; i++)
                    Change();
                Read(other);
            }
            while (!building.IsCompleted);
            await building;
            Assert.Equal(Sorted(spec), Read(spec));
        }
        Assert.Equal(Sorted(other), Read(other));
    }

    [Fact]
    public void ContradictingDelta_MakesTheRowsLostRatherThanWrong()
    {
        Start(50);
        ViewSpec spec = new(SortColumn.Name);
        _rows.Build(spec, CancellationToken.None);

        _rows.OnChange(new DirectoryDelta(Dir, new DirectoryVersion(_version), new DirectoryVersion(++_version), DeltaKind.Removed, FileName.Create("never there"), null));

        Assert.False(_rows.TryRead(spec, 0, 10, []));
        Assert.True(_rows.IsLost);
        Start(50);
        _rows.Build(spec, CancellationToken.None);
        Assert.Equal(Sorted(spec), Read(spec));
    }

    [Fact]
    public void OnDropped_NothingIsServedUntilTheRowsAreTakenAnew()
    {
        Start(50);
        ViewSpec spec = new(SortColumn.Name);
        _rows.Build(spec, CancellationToken.None);
        _rows.OnDropped();
        Assert.Null(_rows.Count(spec));
        Assert.False(_rows.TryRead(spec, 0, 10, []));
        Assert.Null(_rows.Select());
    }

    [Fact]
    public void Selection_UnderChanges_CountsWhatIsStillChosenAndNothingNew()
    {
        _random = new Random(9);
        Start(3000);
        ViewSpec spec = new(SortColumn.Name, false, "1");
        _rows.Build(spec, CancellationToken.None);
        _rows.Build(new ViewSpec(SortColumn.Size), CancellationToken.None);
        using EntrySelection selection = _rows.Select()!;
        selection.AddAll(spec);
        Dictionary<FileName, InodeId> chosen = Sorted(spec).ToDictionary(n => n, n => _truth[n].Ino);
        DirectoryEntry excluded = new(chosen.Keys.First(), _truth[chosen.Keys.First()]);
        Assert.True(selection.Remove(excluded));
        chosen.Remove(excluded.Name);
        for (int i = 0; i < 2000; i++)
        {
            Change();
            foreach (FileName gone in chosen.Where(c => !_truth.TryGetValue(c.Key, out InodeAttributes? now) || now.Ino != c.Value).Select(c => c.Key).ToArray())
                chosen.Remove(gone);
            if (i % 97 == 0)
                AssertChosen();
        }
        AssertChosen();

        selection.Invert();
        Assert.Equal(_truth.Count - chosen.Count, selection.Count);
        selection.Clear();
        Assert.Equal((0, 0L), ((int)selection.Count, selection.Bytes));

        void AssertChosen()
        {
            (IReadOnlyList<DirectoryEntry> entries, DirectoryVersion version) = selection.Resolve();
            Assert.Equal(chosen.OrderBy(c => c.Key), entries.Select(e => KeyValuePair.Create(e.Name, e.Attributes.Ino)));
            Assert.Equal(_version, version.Value);
            Assert.Equal(chosen.Count, selection.Count);
            Assert.Equal(chosen.Keys.Sum(n => _truth[n].IsDirectory ? 0 : _truth[n].Size), selection.Bytes);
            Assert.All(entries, e => Assert.True(selection.Contains(e)));
        }
    }

    private void Start(int entries)
    {
        while (_truth.Count < entries)
            _truth.TryAdd(NewName(), NewRow());
        List<DirectoryPage> pages = [];
        DirectoryPageBuilder builder = new();
        PageHeader header = new(new Epoch(1), Dir, new DirectoryVersion(_version), 0, _truth.Count, false);
        foreach ((FileName name, InodeAttributes row) in _truth)
        {
            if (builder.TryAdd(name.Span, PageRow.Of(row)))
                continue;
            pages.Add(DirectoryPage.OpenTrusted(builder.Build(header)));
            builder.TryAdd(name.Span, PageRow.Of(row));
        }
        if (builder.Count > 0)
            pages.Add(DirectoryPage.OpenTrusted(builder.Build(header)));
        _rows.BeginFollowing();
        _rows.Replace([.. pages], new DirectoryVersion(_version));
    }

    private void Change()
    {
        FileName name = _random.Next(3) == 0 || _truth.Count == 0 ? NewName() : _truth.Count < 500 ? _truth.Keys.ElementAt(_random.Next(_truth.Count)) : NewName();
        DeltaKind kind = !_truth.TryGetValue(name, out InodeAttributes? before) ? DeltaKind.Added : _random.Next(2) == 0 ? DeltaKind.Changed : DeltaKind.Removed;
        InodeAttributes? after = kind == DeltaKind.Removed ? null : NewRow();
        if (kind == DeltaKind.Changed && _random.Next(2) == 0)
            after = before! with { Size = _random.Next(3) == 0 ? before.Size : _random.Next(100_000) };
        if (after is null)
            _truth.Remove(name);
        else
            _truth[name] = after;
        _rows.OnChange(new DirectoryDelta(Dir, new DirectoryVersion(_version), new DirectoryVersion(++_version), kind, name, after));
    }

    private FileName NewName() => FileName.Create(_random.Next(6) switch
    {
        0 => $"{(char)('a' + _random.Next(4))}{_random.Next(2000)}.{(char)('a' + _random.Next(3))}",
        1 => $"{(char)('A' + _random.Next(4))}{_random.Next(2000):D6}",
        2 => $"a long prefix that they all have in common, longer than eight bytes {_random.Next(4000)}",
        3 => $"é{_random.Next(500)}.Ä",
        4 => $"b{_random.Next(30)}-{_random.Next(30)}",
        _ => $"{_random.NextInt64()}",
    });

    private InodeAttributes NewRow() => ScriptedMds.File(_nextIno++) with
    {
        Mode = InodeAttributes.ModeOf(_random.Next(10) == 0 ? FileKind.Directory : FileKind.File, 0x1A4),
        Size = _random.Next(4) == 0 ? _random.Next(5) : _random.NextInt64(1L << 40),
        MtimeNs = _random.Next(3) == 0 ? 5 : _random.NextInt64(-5, 1L << 61),
    };

    private List<FileName> Sorted(ViewSpec spec)
    {
        NameFilter? filter = spec.Filter.Length == 0 ? null : new NameFilter(spec.Filter);
        byte[] key = new byte[RowKey.MaxLength];
        return [.. _truth
            .Where(e => filter is null || filter.Matches(e.Key.Span))
            .OrderBy(e => key[..RowKey.Write(spec, e.Key.Span, PageRow.Of(e.Value), key)], Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ThenBy(e => e.Key)
            .Select(e => e.Key)];
    }

    private List<FileName> Read(ViewSpec spec)
    {
        List<DirectoryRow> rows = [];
        Assert.True(_rows.TryRead(spec, 0, int.MaxValue, rows));
        Assert.All(rows, row => Assert.Equal(_truth[row.Entry.Name].Ino, row.Entry.Attributes.Ino));
        Assert.Equal(Enumerable.Range(0, rows.Count), rows.Select(r => (int)r.Rank));
        return [.. rows.Select(r => r.Entry.Name)];
    }
}
