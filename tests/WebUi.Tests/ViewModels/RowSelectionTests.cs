using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class RowSelectionTests
{
    private readonly RowSelection _selection = new();

    [Fact]
    public void SelectAll_AMillion_IsOneRange()
    {
        _selection.SelectAll(1_000_000);

        Assert.Equal(1_000_000, _selection.Count);
        Assert.Single(_selection.Ranges);
        Assert.True(_selection.Contains(Entry("anything", 7)));
    }

    [Fact]
    public void Apply_NameAddedInsideARange_IsNotSelected()
    {
        _selection.SelectBetween(Row(0, "a", 1), Row(4, "e", 5), keep: false);

        _selection.Apply(new ChangeBatch([Added("bb")]));

        Assert.Equal(5, _selection.Count);
        Assert.False(_selection.Contains(Entry("bb", 99)));
        Assert.True(_selection.Contains(Entry("c", 3)));
    }

    [Fact]
    public void Apply_NameAddedAfterSelectAll_IsNotSelected()
    {
        _selection.SelectAll(3);

        _selection.Apply(new ChangeBatch([Added("zz"), Added("0")]));

        Assert.Equal(3, _selection.Count);
        Assert.False(_selection.Contains(Entry("zz", 99)));
        Assert.False(_selection.Contains(Entry("0", 98)));
    }

    [Fact]
    public void Apply_RowsChangeAbove_SelectsTheSameNames()
    {
        _selection.SelectOnly(Row(5, "m", 5));

        _selection.Apply(new ChangeBatch([Added("a"), Added("b"), Removed("c")]));

        Assert.True(_selection.Contains(Entry("m", 5)));
        Assert.Equal(1, _selection.Count);
        Assert.Equal(6, _selection.Ranges[0].First);
    }

    [Fact]
    public void Apply_SelectedNameIsAnotherInodeNow_LeavesTheSelection()
    {
        _selection.SelectBetween(Row(0, "a", 1), Row(4, "e", 5), keep: false);

        _selection.Apply(new ChangeBatch([Replaced("c")]));

        Assert.Equal(4, _selection.Count);
        Assert.False(_selection.Contains(Entry("c", 77)));
    }

    [Fact]
    public void Apply_RemovedAndCreatedAgain_LeavesTheSelection()
    {
        _selection.SelectOnly(Row(2, "c", 3));

        _selection.Apply(new ChangeBatch([Removed("c")]));
        _selection.Apply(new ChangeBatch([Added("c")]));

        Assert.True(_selection.IsEmpty);
        Assert.False(_selection.Contains(Entry("c", 77)));
    }

    [Fact]
    public void Contains_SingleRowWithAnotherInode_IsFalse()
    {
        _selection.SelectOnly(Row(2, "c", 3));

        Assert.False(_selection.Contains(Entry("c", 4)));
    }

    [Fact]
    public void Toggle_InsideARange_ExcludesAndIncludes()
    {
        _selection.SelectBetween(Row(0, "a", 1), Row(4, "e", 5), keep: false);

        _selection.Toggle(Row(2, "c", 3));
        Assert.Equal(4, _selection.Count);
        Assert.False(_selection.Contains(Entry("c", 3)));

        _selection.Toggle(Row(2, "c", 3));
        Assert.Equal(5, _selection.Count);
    }

    [Fact]
    public void SelectBetween_Overlapping_IsTheUnion()
    {
        _selection.SelectBetween(Row(0, "a", 1), Row(4, "e", 5), keep: false);
        _selection.SelectBetween(Row(3, "d", 4), Row(9, "j", 10), keep: true);
        _selection.SelectBetween(Row(20, "u", 21), Row(22, "w", 23), keep: true);

        Assert.Equal(13, _selection.Count);
        Assert.Equal(2, _selection.Ranges.Count);
    }

    [Fact]
    public void Recover_Unknown_KeepsOnlySingleRowsWithTheirInode()
    {
        _selection.SelectOnly(Row(1, "b", 2));
        _selection.Toggle(Row(3, "d", 4));
        _selection.SelectBetween(Row(5, "f", 6), Row(8, "i", 9), keep: true);

        bool complete = _selection.Recover(name => name == Name("b") ? Row(7, "b", 2) : Row(9, "d", 40));

        Assert.False(complete);
        Assert.Equal(1, _selection.Count);
        Assert.True(_selection.Contains(Entry("b", 2)));
    }

    /// <summary>Against a model that holds every selected inode: clicks and changes in any order select the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Apply_RandomClicksAndChanges_SelectsWhatWasClicked(int seed)
    {
        Random random = new(seed);
        SortedDictionary<FileName, ulong> rows = [];
        HashSet<ulong> wanted = [];
        ulong ino = 0;
        for (int i = 0; i < 60; i++)
            rows[Name($"n{random.Next(200):000}")] = ++ino;

        for (int step = 0; step < 600; step++)
        {
            List<DirectoryRow> view = [.. rows.Select((r, rank) => new DirectoryRow(rank, Entry(r.Key.ToString(), r.Value), RowState.Normal, null))];
            DirectoryRow one = view[random.Next(view.Count)];
            DirectoryRow other = view[random.Next(view.Count)];
            switch (random.Next(8))
            {
                case 0:
                    _selection.SelectOnly(one);
                    wanted = [one.Entry.Attributes.Ino.Value];
                    break;
                case 1:
                    _selection.Toggle(one);
                    if (!wanted.Remove(one.Entry.Attributes.Ino.Value))
                        wanted.Add(one.Entry.Attributes.Ino.Value);
                    break;
                case 2:
                    bool keep = random.Next(2) == 0;
                    _selection.SelectBetween(one, other, keep);
                    if (!keep)
                        wanted.Clear();
                    wanted.UnionWith(view.Where(r => r.Rank >= Math.Min(one.Rank, other.Rank) && r.Rank <= Math.Max(one.Rank, other.Rank)).Select(r => r.Entry.Attributes.Ino.Value));
                    break;
                case 3 when random.Next(10) == 0:
                    _selection.SelectAll(view.Count);
                    wanted = [.. rows.Values];
                    break;
                case 4 when random.Next(10) == 0:
                    _selection.Invert(view.Count, name => view.Find(r => r.Entry.Name == name).Rank);
                    wanted = [.. rows.Values.Except(wanted)];
                    break;
                default:
                    List<DirectoryChange> changes = [];
                    for (int i = random.Next(1, 5); i > 0; i--)
                    {
                        FileName name = Name($"n{random.Next(200):000}");
                        bool was = rows.TryGetValue(name, out ulong old);
                        wanted.Remove(old);
                        if (was && rows.Count > 10 && random.Next(2) == 0)
                        {
                            rows.Remove(name);
                            changes.Add(Removed(name.ToString()));
                        }
                        else
                        {
                            rows[name] = ++ino;
                            changes.Add(was ? Replaced(name.ToString()) : Added(name.ToString()));
                        }
                    }
                    _selection.Apply(new ChangeBatch(changes));
                    break;
            }

            Assert.Equal(wanted.Order(), rows.Where(r => _selection.Contains(Entry(r.Key.ToString(), r.Value))).Select(r => r.Value).Order());
            Assert.Equal(wanted.Count, _selection.Count);
        }
    }
}
