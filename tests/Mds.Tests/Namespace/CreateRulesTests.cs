using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class CreateRulesTests : IDisposable
{
    private readonly EngineFixture _fs = new();

    public void Dispose()
    {
        _fs.AssertClean();
        _fs.Dispose();
    }

    [Fact]
    public void Create_NewName_IsListedWithItsOwner()
    {
        InodeId home = _fs.Mkdir(InodeId.Root, "home", 0x1FF);
        OperationOutcome outcome = _fs.Do(new CreateOperation(home, FileName.Create("a"), 0x1A4, true), EngineFixture.Alice);
        InodeAttributes made = Assert.Single(outcome.Attributes);
        Assert.Equal((1000u, 1000u, 0x81A4u, 1u), (made.Uid, made.Gid, made.Mode, made.Nlink));
        DirectoryDelta delta = Assert.Single(outcome.Changes);
        Assert.Equal((home, DeltaKind.Added, FileName.Create("a"), 1L, 2L), (delta.Dir, delta.Kind, delta.Name, delta.From.Value, delta.To.Value));
        Assert.Equal(made, delta.Attributes);
        Assert.Equal(made, _fs.Stat(home, "a"));
        Assert.Equal(1, _fs.StatDirectory(home).Size);
        Assert.Equal(made.MtimeNs, _fs.StatDirectory(home).MtimeNs);
    }

    [Fact]
    public void Create_ExistingName_IsRefusedOrOpened()
    {
        InodeId file = _fs.Create(InodeId.Root, "f");
        _fs.Mkdir(InodeId.Root, "d");
        _fs.Ok(new SymlinkOperation(InodeId.Root, FileName.Create("l"), "f"u8.ToArray()));
        Assert.Equal(FsErrno.Exists, Create("f", true).Errno);
        OperationOutcome opened = Create("f", false);
        Assert.Equal((FsErrno.Ok, file), (opened.Errno, opened.Attributes[0].Ino));
        Assert.Empty(opened.Changes);
        Assert.Equal(FsErrno.IsDirectory, Create("d", false).Errno);
        Assert.Equal(FsErrno.TooManySymlinks, Create("l", false).Errno);

        OperationOutcome Create(string name, bool exclusive) => _fs.Do(new CreateOperation(InodeId.Root, FileName.Create(name), 0x1A4, exclusive));
    }

    [Fact]
    public void Create_InWhatIsNoDirectory_TellsWhy()
    {
        InodeId file = _fs.Create(InodeId.Root, "f");
        _fs.Link(InodeId.Root, "f", InodeId.Root, "g");
        Assert.Equal(FsErrno.NotDirectory, _fs.Do(new CreateOperation(file, FileName.Create("x"), 0, true)).Errno);
        Assert.Equal(FsErrno.Stale, _fs.Do(new CreateOperation(new InodeId(99_999), FileName.Create("x"), 0, true)).Errno);
        Assert.Equal(FsErrno.Invalid, _fs.Do(new CreateOperation(InodeId.Root, default, 0, true)).Errno);
    }

    [Fact]
    public void Create_WithoutRights_IsRefused()
    {
        InodeId closed = _fs.Mkdir(InodeId.Root, "closed", 0x1C0);
        InodeId readable = _fs.Mkdir(InodeId.Root, "readable", 0x1ED);
        _fs.Create(readable, "there");
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new CreateOperation(closed, FileName.Create("x"), 0, true), EngineFixture.Bob).Errno);
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new MkdirOperation(readable, FileName.Create("x"), 0), EngineFixture.Bob).Errno);
        Assert.Equal(FsErrno.Exists, _fs.Do(new MkdirOperation(readable, FileName.Create("there"), 0), EngineFixture.Bob).Errno);
    }

    [Fact]
    public void Mkdir_CountsAsSubdirectory_AndInheritsTheGroup()
    {
        InodeId shared = _fs.Mkdir(InodeId.Root, "shared", 0x5FF);
        _fs.Ok(new SetAttrOperation(InodeAddress.ByNumber(shared)) { Gid = 50 });
        InodeAttributes child = _fs.Ok(new MkdirOperation(shared, FileName.Create("child"), 0x1ED), EngineFixture.Alice);
        Assert.Equal((50u, 0x400u), (child.Gid, child.Mode & 0x400));
        Assert.Equal(2u, child.Nlink);
        Assert.Equal(3u, _fs.StatDirectory(shared).Nlink);
        Assert.Equal(50u, _fs.Ok(new CreateOperation(shared, FileName.Create("f"), 0x1A4, true), EngineFixture.Alice).Gid);
    }

    [Fact]
    public void Symlink_TargetIsKeptAsBytes()
    {
        byte[] target = [0x2F, 0xFF, 0xFE];
        InodeAttributes made = _fs.Ok(new SymlinkOperation(InodeId.Root, FileName.Create("l"), target));
        Assert.Equal((FileKind.Symlink, 3L), (made.Kind, made.Size));
        Assert.Equal(target, _fs.Do(new ReadlinkOperation(EngineFixture.At(InodeId.Root, "l"))).Data);
        Assert.Equal(FsErrno.Invalid, Symlink([]));
        Assert.Equal(FsErrno.Invalid, Symlink([1, 0, 2]));
        Assert.Equal(FsErrno.NameTooLong, Symlink(new byte[4096].Select(_ => (byte)'x').ToArray()));
        Assert.Equal(FsErrno.Ok, Symlink(new byte[4095].Select(_ => (byte)'x').ToArray()));
        _fs.Create(InodeId.Root, "f");
        Assert.Equal(FsErrno.Invalid, _fs.Do(new ReadlinkOperation(EngineFixture.At(InodeId.Root, "f"))).Errno);

        FsErrno Symlink(byte[] text) => _fs.Do(new SymlinkOperation(InodeId.Root, FileName.Create("m"), text)).Errno;
    }

    [Fact]
    public void Link_SecondName_SharesTheInode_AndTellsBothPlaces()
    {
        InodeId a = _fs.Mkdir(InodeId.Root, "a");
        InodeId b = _fs.Mkdir(InodeId.Root, "b");
        InodeId file = _fs.Create(a, "f");
        OperationOutcome outcome = _fs.Do(new LinkOperation(new InodeAddress(a, FileName.Create("f"), file), b, FileName.Create("g")));
        Assert.Equal(2u, Assert.Single(outcome.Attributes).Nlink);
        Assert.Equal([(a, DeltaKind.Changed), (b, DeltaKind.Added)], outcome.Changes.Select(c => (c.Dir, c.Kind)));
        Assert.Equal(_fs.Stat(a, "f"), _fs.Stat(b, "g"));

        OperationOutcome changed = _fs.Do(new SetAttrOperation(InodeAddress.ByNumber(file)) { Mode = 0x180 });
        Assert.Equal([a, b], changed.Changes.Select(c => c.Dir).Order());
        Assert.Equal(0x8180u, _fs.Stat(a, "f")!.Mode);

        OperationOutcome unlinked = _fs.Unlink(a, "f");
        Assert.Equal([(a, DeltaKind.Removed), (b, DeltaKind.Changed)], unlinked.Changes.Select(c => (c.Dir, c.Kind)));
        Assert.Equal(1u, _fs.Stat(b, "g")!.Nlink);
        Assert.Equal(FsErrno.Ok, _fs.Do(new GetAttrOperation(InodeAddress.ByNumber(file))).Errno);
        Assert.Equal(FsErrno.Ok, _fs.Unlink(b, "g").Errno);
        Assert.Equal(FsErrno.Stale, _fs.Do(new GetAttrOperation(InodeAddress.ByNumber(file))).Errno);
    }

    [Fact]
    public void Link_WhatMayNotBe_IsRefused()
    {
        InodeId dir = _fs.Mkdir(InodeId.Root, "d");
        _fs.Create(InodeId.Root, "f");
        Assert.Equal(FsErrno.NotPermitted, Link("d", "x"));
        Assert.Equal(FsErrno.Exists, Link("f", "f"));
        Assert.Equal(FsErrno.Exists, Link("f", "d"));
        Assert.Equal(FsErrno.NoEntry, Link("none", "x"));
        Assert.Equal(FsErrno.Stale, _fs.Do(new LinkOperation(new InodeAddress(InodeId.Root, FileName.Create("f"), dir), InodeId.Root, FileName.Create("x"))).Errno);

        FsErrno Link(string from, string to) => _fs.Do(new LinkOperation(EngineFixture.At(InodeId.Root, from), InodeId.Root, FileName.Create(to))).Errno;
    }

    [Fact]
    public void Names_AnyBytes_AreKept()
    {
        FileName[] names = [FileName.Create(Enumerable.Repeat((byte)'n', 255).ToArray()), FileName.Create([0xFF, 0xFE]), FileName.Create("ß→漢"), FileName.Create([1])];
        foreach (FileName name in names)
            _fs.Ok(new CreateOperation(InodeId.Root, name, 0x1A4, true));
        Assert.Equal(names.Order(), _fs.List(InodeId.Root).Select(e => e.Name));
        foreach (FileName name in names)
            Assert.Equal(FsErrno.Ok, _fs.Do(new UnlinkOperation(InodeId.Root, name, InodeId.None)).Errno);
        Assert.Empty(_fs.List(InodeId.Root));
    }
}
