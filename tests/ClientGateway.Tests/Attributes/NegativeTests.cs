using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Attributes;

public sealed class NegativeTests
{
    private readonly ScriptedMds _mds = new();

    public NegativeTests() => _mds.Open();

    [Fact]
    public void AbsentName_CompleteUnderFs_IsKnown()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.Shared, "b", "d");
        foreach (string name in new[] { "a", "c", "e" })
            Assert.True(_mds.Core.Entries.IsKnownAbsent(directory, Name(name)));
        Assert.False(_mds.Core.Entries.IsKnownAbsent(directory, Name("b")));
        _mds.Says(Removed(Dir, 1, "b"));
        Assert.True(_mds.Core.Entries.IsKnownAbsent(directory, Name("b")));
        _mds.Says(Added(Dir, 2, "c", 300));
        Assert.False(_mds.Core.Entries.IsKnownAbsent(directory, Name("c")));
    }

    [Fact]
    public void AbsentName_WithoutFs_IsNotKnown()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.None, "b");
        Assert.False(_mds.Core.Entries.IsKnownAbsent(directory, Name("a")));
    }

    [Fact]
    public void AbsentName_Remembered_UntilItIsAdded()
    {
        _mds.Says(_mds.Grant(Dir, CapBits.Shared, 1, 5));
        DirectoryState directory = _mds.Core.Directories.Find(Dir)!;
        _mds.Core.Entries.Remember(directory, Name("a"), null);
        Assert.True(_mds.Core.Entries.IsKnownAbsent(directory, Name("a")));
        _mds.Says(Added(Dir, 1, "a", 300));
        Assert.False(_mds.Core.Entries.IsKnownAbsent(directory, Name("a")));
        Assert.Equal(6, directory.Total);
    }

    [Fact]
    public void Xattrs_NoneUnderXs_IsKnown()
    {
        _mds.List(Dir, CapBits.Shared, [("a", File(100)), ("b", File(101, xattrs: 2))]);
        InodeAddress a = new(Dir, Name("a"), new InodeId(100));
        Assert.True(_mds.Core.Entries.HasNoXattrs(a));
        Assert.False(_mds.Core.Entries.HasNoXattrs(new InodeAddress(Dir, Name("b"), new InodeId(101))));
        Assert.False(_mds.Core.Entries.HasNoXattrs(a with { Ino = new InodeId(555) }));
        _mds.Core.Entries.XattrChangeStarts(a.Ino);
        Assert.False(_mds.Core.Entries.HasNoXattrs(a));
        _mds.Core.Entries.XattrChangeEnded(a.Ino);
        Assert.True(_mds.Core.Entries.HasNoXattrs(a));
        _mds.Says(_mds.Revoke(Dir, CapBits.Fs));
        Assert.False(_mds.Core.Entries.HasNoXattrs(a));
    }
}
