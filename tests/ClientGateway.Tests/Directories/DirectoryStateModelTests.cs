using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Tests.Directories;

/// <summary>Random deltas, pages of older and newer versions, gaps and evictions, against the whole history of a plain sorted list.</summary>
public sealed class DirectoryStateModelTests
{
    private static readonly InodeId Dir = new(10);

    [Fact]
    public void RandomHistory_RanksCountsAndNamesAreAlwaysRight()
    {
        for (int seed = 1; seed <= 400; seed++)
            new Run(seed).Play();
    }

    private sealed class Run(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly PageBudget _budget = new(long.MaxValue, new GatewayCounters());
        private readonly List<SortedDictionary<FileName, InodeAttributes>> _history = [[]];
        private readonly List<DirectoryDelta> _deltas = [];
        private readonly Queue<(DirectoryPage Page, int NotBefore)> _pages = [];
        private DirectoryState _state = null!;
        private ulong _nextIno = 100;
        private int _delivered;
        private int _oldestSnapshot;

        public void Play()
        {
            for (int i = 0; i < _random.Next(40); i++)
                Change();
            _state = new DirectoryState(Dir, _budget, new GatewayCounters()) { StreamsUnderWay = 1 };
            _delivered = _oldestSnapshot = _deltas.Count;
            _state.OnGrant(new DirectoryVersion(_delivered), Self(_delivered));
            for (int step = 0; step < 120; step++)
            {
                try
                {
                    Step();
                    Check();
                }
                catch (Exception e)
                {
                    Assert.Fail($"seed {seed}, step {step}: {e}");
                }
            }
        }

        private void Step()
        {
            switch (_random.Next(10))
            {
                case < 4:
                    Change();
                    break;
                case < 7:
                    Deliver();
                    break;
                case 7:
                    ReadPage(_random.Next(Math.Max(_oldestSnapshot, _deltas.Count - 4), _deltas.Count + 1));
                    break;
                case 8 when _pages.TryDequeue(out var next):
                    _state.AddPage(next.Page, underFs: true, prefetched: _random.Next(2) == 0);
                    break;
                case 9 when _random.Next(4) == 0:
                    Evict();
                    break;
                case 9 when _random.Next(12) == 0:
                    // A cut: deltas are lost, and the grant that follows tells of another version.
                    _delivered = _oldestSnapshot = _deltas.Count;
                    _pages.Clear();
                    _state.OnGrant(new DirectoryVersion(_delivered), Self(_delivered));
                    break;
                case 9 when _random.Next(12) == 0:
                    _state.Forget();
                    _oldestSnapshot = Math.Max(_oldestSnapshot, _delivered);
                    break;
            }
        }

        private void Change()
        {
            SortedDictionary<FileName, InodeAttributes> now = new(_history[^1]);
            FileName name = FileName.Create($"n{_random.Next(60):D2}");
            DeltaKind kind;
            if (!now.Remove(name))
                kind = DeltaKind.Added;
            else
                kind = _random.Next(3) == 0 ? DeltaKind.Changed : DeltaKind.Removed;
            InodeAttributes? attributes = kind == DeltaKind.Removed ? null : ScriptedMds.File(_nextIno++);
            if (attributes is not null)
                now[name] = attributes;
            _deltas.Add(new DirectoryDelta(Dir, new DirectoryVersion(_deltas.Count), new DirectoryVersion(_deltas.Count + 1), kind, name, attributes));
            _history.Add(now);
        }

        private void Deliver()
        {
            if (_delivered < _deltas.Count)
                _state.Apply(_deltas[_delivered++]);
        }

        private void ReadPage(int version)
        {
            KeyValuePair<FileName, InodeAttributes>[] all = [.. _history[version]];
            int first = _random.Next(all.Length + 1), count = _random.Next(1, 12);
            DirectoryPageBuilder builder = new();
            foreach ((FileName name, InodeAttributes attributes) in all.Skip(first).Take(count))
                builder.TryAdd(name.Span, PageRow.Of(attributes));
            bool last = first + builder.Count == all.Length;
            byte[] bytes = builder.Build(new PageHeader(new Epoch(1), Dir, new DirectoryVersion(version), first, all.Length, last));
            _pages.Enqueue((DirectoryPage.TryOpen(bytes)!, version));
        }

        private void Evict()
        {
            _budget.Budget = Math.Max(0, _budget.Bytes - 1);
            _budget.Reclaim(null);
            _budget.Budget = long.MaxValue;
        }

        private void Check()
        {
            Assert.Equal(_state.Bytes, _budget.Bytes);
            if (!_state.IsKnown)
                return;
            Assert.True(_state.Version.Value >= _delivered, "a delta was lost");
            KeyValuePair<FileName, InodeAttributes>[] truth = [.. _history[(int)_state.Version.Value]];
            Assert.Equal(truth.Length, _state.Total);
            long cached = 0;
            for (int rank = 0; rank < truth.Length; rank++)
            {
                (FileName name, InodeAttributes attributes) = truth[rank];
                List<(FileName Name, PageRow Row)> rows = [];
                bool read = _state.Read(rank, 1, rows);
                Assert.Equal(read, _state.FirstMissing(rank, 1) < 0);
                Assert.False(_state.IsKnownAbsent(name), $"{name} is there");
                bool found = _state.TryFind(name, out PageRow row);
                if (found)
                    Assert.Equal(attributes.Ino, row.Ino);
                if (!read)
                    continue;
                cached++;
                Assert.True(found);
                Assert.Equal(name, rows[0].Name);
                Assert.Equal(attributes.Ino, rows[0].Row.Ino);
                Assert.Equal(rank, _state.RankOf(name));
            }
            Assert.Equal(cached, _state.CachedEntries);
            for (int i = 0; i < 60; i++)
            {
                FileName name = FileName.Create($"n{i:D2}");
                if (!_history[(int)_state.Version.Value].ContainsKey(name))
                    Assert.False(_state.TryFind(name, out _), $"{name} is gone");
            }
        }

        private InodeAttributes Self(int version) => ScriptedMds.Directory(Dir, _history[version].Count);
    }
}
