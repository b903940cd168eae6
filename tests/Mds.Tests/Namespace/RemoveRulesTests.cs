using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class RemoveRulesTests : IDisposable
{
    private readonly EngineFixture _fs = new();

    public void Dispose()
    {
        _fs.AssertClean();
        _fs.Dispose();
    }

    [Fact]
    public void Unlink_File_TakesTheNameAndOneVersion()
    {
        InodeId dir = _fs.Mkdir(InodeId.Root, "d");
        InodeId file = _fs.Create(dir, "f");
        OperationOutcome outcome = _fs.Do(new UnlinkOperation(dir, FileName.Create("f"), file));
        Assert.Equal(FsErrno.Ok, outcome.Errno);
        Assert.Equal(new DirectoryDelta(dir, new(2), new(3), DeltaKind.Removed, FileName.Create("f"), null), Assert.Single(outcome.Changes));
        Assert.Null(_fs.Stat(dir, "f"));
        Assert.Equal(0, _fs.StatDirectory(dir).Size);
    }

    [Fact]
    public void Unlink_WhatMayNotBe_IsRefused()
    {
        InodeId dir = _fs.Mkdir(InodeId.Root, "d");
        _fs.Create(InodeId.Root, "f");
        Assert.Equal(FsErrno.IsDirectory, _fs.Unlink(InodeId.Root, "d").Errno);
        Assert.Equal(FsErrno.NoEntry, _fs.Unlink(InodeId.Root, "none").Errno);
        Assert.Equal(FsErrno.Stale, _fs.Do(new UnlinkOperation(InodeId.Root, FileName.Create("f"), dir)).Errno);
        Assert.Equal(FsErrno.Stale, _fs.Unlink(new InodeId(77_777), "f").Errno);
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new UnlinkOperation(InodeId.Root, FileName.Create("f"), InodeId.None), EngineFixture.Alice).Errno);
    }

    [Fact]
    public void Unlink_UnderStickyBit_IsForTheOwnersOnly()
    {
        InodeId tmp = _fs.Mkdir(InodeId.Root, "tmp", 0x3FF);
        _fs.Ok(new CreateOperation(tmp, FileName.Create("a"), 0x1A4, true), EngineFixture.Alice);
        UnlinkOperation unlink = new(tmp, FileName.Create("a"), InodeId.None);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(unlink, EngineFixture.Bob).Errno);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(new RenameOperation(EngineFixture.At(tmp, "a"), tmp, FileName.Create("b"), false), EngineFixture.Bob).Errno);
        Assert.Equal(FsErrno.Ok, _fs.Do(unlink, EngineFixture.Alice).Errno);
    }

    [Fact]
    public void Rmdir_EmptyOnly()
    {
        InodeId dir = _fs.Mkdir(InodeId.Root, "d");
        _fs.Create(dir, "f");
        _fs.Create(InodeId.Root, "f");
        Assert.Equal(FsErrno.NotEmpty, Rmdir("d"));
        Assert.Equal(FsErrno.NotDirectory, Rmdir("f"));
        Assert.Equal(FsErrno.NoEntry, Rmdir("none"));
        Assert.Equal(FsErrno.Stale, _fs.Do(new RmdirOperation(InodeId.Root, FileName.Create("d"), new InodeId(5))).Errno);
        _fs.Unlink(dir, "f");
        Assert.Equal(FsErrno.Ok, Rmdir("d"));
        Assert.Equal(FsErrno.Stale, _fs.Do(new CreateOperation(dir, FileName.Create("x"), 0, true)).Errno);
        Assert.Equal(2u, _fs.StatDirectory(InodeId.Root).Nlink);

        FsErrno Rmdir(string name) => _fs.Do(new RmdirOperation(InodeId.Root, FileName.Create(name), InodeId.None)).Errno;
    }

    [Fact]
    public void Unlink_InodeNumbers_AreNeverUsedAgain()
    {
        HashSet<InodeId> seen = [];
        for (int i = 0; i < 30; i++)
        {
            Assert.True(seen.Add(_fs.Create(InodeId.Root, "f")));
            _fs.Unlink(InodeId.Root, "f");
            if (i % 10 == 3)
                _fs.Reopen();
            if (i % 10 == 7)
            {
                _fs.Engine.BeginGroup();
                Assert.True(seen.Add(_fs.Engine.Apply(Caller.Root, new CreateOperation(InodeId.Root, FileName.Create("g"), 0, true)).Attributes[0].Ino));
                _fs.Engine.AbortGroup();
            }
        }
    }

    [Fact]
    public void Footprint_OfUnlink_ReadsTheVictimOnlyAmongHardLinks()
    {
        InodeId a = _fs.Mkdir(InodeId.Root, "a");
        InodeId b = _fs.Mkdir(InodeId.Root, "b");
        _fs.Create(a, "f");
        Assert.Equal([new DirectoryUse(a, true)], Uses(new UnlinkOperation(a, FileName.Create("f"), InodeId.None)));
        _fs.Link(a, "f", b, "g");
        Assert.Equal([new DirectoryUse(a, true), new DirectoryUse(b, true)], Uses(new UnlinkOperation(a, FileName.Create("f"), InodeId.None)));
        Assert.Equal([new DirectoryUse(InodeId.Root, true), new DirectoryUse(a, true)], Uses(new RmdirOperation(InodeId.Root, FileName.Create("a"), InodeId.None)));
        Assert.Equal([new DirectoryUse(InodeId.Root, false), new DirectoryUse(a, false)], Uses(new LookupOperation(InodeId.Root, [FileName.Create("a"), FileName.Create("f"), FileName.Create("x")], CapBits.None)));
        Assert.Equal([new DirectoryUse(a, true), new DirectoryUse(InodeId.Root, true)], Uses(new SetAttrOperation(InodeAddress.ByNumber(a))));
        Assert.Equal([new DirectoryUse(a, true), new DirectoryUse(InodeId.Root, true), new DirectoryUse(b, true)], Uses(new RenameOperation(EngineFixture.At(a, "f"), InodeId.Root, FileName.Create("b"), false)));
    }

    private List<DirectoryUse> Uses(FsOperation operation)
    {
        List<DirectoryUse> uses = [];
        Assert.Equal(FsErrno.Ok, _fs.Engine.Footprint(operation, uses));
        return uses;
    }
}
