using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Directories;

public sealed class RowChangesTests
{
    private readonly ScriptedMds _mds = new();
    private readonly DirectoryState _directory;

    public RowChangesTests()
    {
        _mds.Open();
        _directory = _mds.List(Dir, CapBits.Shared, "a", "b");
        _directory.Viewers++;
    }

    [Fact]
    public void TryReadRowChanges_TellsEachOnceInOrder()
    {
        List<DirectoryChange> changes = [];
        Assert.True(_directory.TryReadRowChanges(0, changes, out long moment));
        Assert.Empty(changes);
        _mds.Says(Removed(Dir, 1, "a"), Added(Dir, 2, "c", 300));
        Assert.True(_directory.TryReadRowChanges(moment, changes, out moment));
        Assert.Equal([new DirectoryChange(DirectoryChangeKind.Removed, Name("a")), new DirectoryChange(DirectoryChangeKind.Added, Name("c"))], changes);
        changes.Clear();
        Assert.True(_directory.TryReadRowChanges(moment, changes, out _));
        Assert.Empty(changes);
    }

    [Fact]
    public void TryReadRowChanges_AfterAGap_IsNotKnown()
    {
        _directory.TryReadRowChanges(0, [], out long moment);
        _mds.Says(Removed(Dir, 5, "a"));
        Assert.False(_directory.TryReadRowChanges(moment, [], out long upTo));
        Assert.True(_directory.TryReadRowChanges(upTo, [], out _));
    }

    [Fact]
    public void TryReadRowChanges_WhileNobodyLooked_IsNotKnown()
    {
        _directory.TryReadRowChanges(0, [], out long moment);
        _directory.Viewers--;
        _mds.Says(Removed(Dir, 1, "a"));
        _directory.Viewers++;
        Assert.False(_directory.TryReadRowChanges(moment, [], out long upTo));
        _mds.Says(Removed(Dir, 2, "b"));
        List<DirectoryChange> changes = [];
        Assert.True(_directory.TryReadRowChanges(upTo, changes, out _));
        Assert.Equal([new DirectoryChange(DirectoryChangeKind.Removed, Name("b"))], changes);
    }
}
