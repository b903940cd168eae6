using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class RenameRulesTests : IDisposable
{
    private readonly EngineFixture _fs = new();
    private readonly InodeId _a;
    private readonly InodeId _b;

    public RenameRulesTests()
    {
        _a = _fs.Mkdir(InodeId.Root, "a");
        _b = _fs.Mkdir(InodeId.Root, "b");
    }

    public void Dispose()
    {
        _fs.AssertClean();
        _fs.Dispose();
    }

    public enum Thing
    {
        None,
        File,
        Symlink,
        Linked,
        EmptyDirectory,
        FullDirectory,
    }

    public static TheoryData<Thing, Thing, bool> Matrix()
    {
        TheoryData<Thing, Thing, bool> data = [];
        foreach (Thing source in Enum.GetValues<Thing>())
        {
            foreach (Thing target in Enum.GetValues<Thing>())
            {
                data.Add(source, target, false);
                data.Add(source, target, true);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Rename_AnyThingOverAnyThing_AsPosixSays(Thing source, Thing target, bool sameDirectory)
    {
        InodeId to = sameDirectory ? _a : _b;
        InodeId sourceIno = Make(source, _a, "source");
        Make(target, to, "target");
        bool sourceIsDirectory = source >= Thing.EmptyDirectory, targetIsDirectory = target >= Thing.EmptyDirectory;
        FsErrno expected = source == Thing.None ? FsErrno.NoEntry
            : target == Thing.None ? FsErrno.Ok
            : sourceIsDirectory && !targetIsDirectory ? FsErrno.NotDirectory
            : !sourceIsDirectory && targetIsDirectory ? FsErrno.IsDirectory
            : target == Thing.FullDirectory ? FsErrno.NotEmpty
            : FsErrno.Ok;
        if (target != Thing.None && source != Thing.None)
            Assert.Equal(FsErrno.Exists, _fs.Rename(_a, "source", to, "target", noReplace: true).Errno);

        OperationOutcome outcome = _fs.Rename(_a, "source", to, "target");

        Assert.Equal(expected, outcome.Errno);
        if (expected == FsErrno.Ok)
        {
            Assert.Null(_fs.Stat(_a, "source"));
            Assert.Equal(sourceIno, _fs.Stat(to, "target")!.Ino);
            Assert.Equal((_a, DeltaKind.Removed, "source"), Told(outcome.Changes[0]));
            Assert.Equal((to, target == Thing.None ? DeltaKind.Added : DeltaKind.Changed, "target"), Told(outcome.Changes[1]));
            // The replaced inode's other name hears of its lost link.
            Assert.Equal(target == Thing.Linked ? 3 : 2, outcome.Changes.Count);
        }
        else
        {
            Assert.Empty(outcome.Changes);
            Assert.Equal(source != Thing.None, _fs.Stat(_a, "source") is not null);
        }

        static (InodeId, DeltaKind, string) Told(DirectoryDelta delta) => (delta.Dir, delta.Kind, delta.Name.ToString());
    }

    [Fact]
    public void Rename_DirectoryUnderItself_IsInvalid()
    {
        InodeId deep = _fs.Mkdir(_fs.Mkdir(_a, "x"), "y");
        Assert.Equal(FsErrno.Invalid, _fs.Rename(InodeId.Root, "a", _a, "z").Errno);
        Assert.Equal(FsErrno.Invalid, _fs.Rename(InodeId.Root, "a", deep, "z").Errno);
        Assert.Equal(FsErrno.NotEmpty, _fs.Rename(_a, "x", InodeId.Root, "a").Errno);
        Assert.Equal(FsErrno.Ok, _fs.Rename(_a, "x", _b, "x").Errno);
        Assert.Equal(FsErrno.Ok, _fs.Rename(InodeId.Root, "a", deep, "z").Errno);
        Assert.Equal(_a, _fs.Stat(deep, "z")!.Ino);
    }

    [Fact]
    public void Rename_TwoNamesOfOneInode_DoesNothing()
    {
        _fs.Create(_a, "f");
        _fs.Link(_a, "f", _b, "g");
        OperationOutcome outcome = _fs.Rename(_a, "f", _b, "g");
        Assert.Equal(FsErrno.Ok, outcome.Errno);
        Assert.Empty(outcome.Changes);
        Assert.NotNull(_fs.Stat(_a, "f"));
        Assert.Empty(_fs.Rename(_a, "f", _a, "f").Changes);
    }

    [Fact]
    public void Rename_OtherInodeThanExpected_IsStale()
    {
        InodeId file = _fs.Create(_a, "f");
        RenameOperation rename = new(new InodeAddress(_a, FileName.Create("f"), new InodeId(file.Value + 1)), _b, FileName.Create("g"), false);
        Assert.Equal(FsErrno.Stale, _fs.Do(rename).Errno);
        Assert.Equal(FsErrno.Invalid, _fs.Do(new RenameOperation(InodeAddress.ByNumber(InodeId.Root), _b, FileName.Create("g"), false)).Errno);
        Assert.Equal(FsErrno.Ok, _fs.Do(new RenameOperation(InodeAddress.ByNumber(_a), _b, FileName.Create("g"), false)).Errno);
    }

    [Fact]
    public void Rename_WithoutRights_IsRefused()
    {
        InodeId open = _fs.Mkdir(InodeId.Root, "open", 0x1FF);
        _fs.Create(_a, "f");
        _fs.Create(open, "g");
        _fs.Mkdir(open, "sub");
        Assert.Equal(FsErrno.AccessDenied, Try(_a, "f", open, "x"));
        Assert.Equal(FsErrno.AccessDenied, Try(open, "g", _a, "x"));
        InodeId mine = _fs.Ok(new MkdirOperation(open, FileName.Create("mine"), 0x1FF), EngineFixture.Alice).Ino;
        // Its ".." would change, and it is not theirs to write.
        Assert.Equal(FsErrno.AccessDenied, Try(open, "sub", mine, "x"));
        Assert.Equal(FsErrno.Ok, Try(open, "sub", open, "x"));

        FsErrno Try(InodeId dir, string name, InodeId to, string toName) =>
            _fs.Do(new RenameOperation(EngineFixture.At(dir, name), to, FileName.Create(toName), false), EngineFixture.Bob).Errno;
    }

    private InodeId Make(Thing thing, InodeId dir, string name)
    {
        switch (thing)
        {
            case Thing.None:
                return InodeId.None;
            case Thing.File:
                return _fs.Create(dir, name);
            case Thing.Symlink:
                return _fs.Ok(new SymlinkOperation(dir, FileName.Create(name), "t"u8.ToArray())).Ino;
            case Thing.Linked:
                _fs.Create(dir, name);
                return _fs.Link(dir, name, InodeId.Root, "other-" + name);
            default:
                InodeId made = _fs.Mkdir(dir, name);
                if (thing == Thing.FullDirectory)
                    _fs.Create(made, "inside");
                return made;
        }
    }
}
