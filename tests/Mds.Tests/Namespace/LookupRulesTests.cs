using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class LookupRulesTests : IDisposable
{
    private readonly EngineFixture _fs = new();

    public void Dispose()
    {
        _fs.AssertClean();
        _fs.Dispose();
    }

    [Fact]
    public void Lookup_StopsWhereItMust_AndTellsWhatItFound()
    {
        InodeId a = _fs.Mkdir(InodeId.Root, "a");
        InodeId b = _fs.Mkdir(a, "b", 0x1C0);
        _fs.Create(b, "f");
        _fs.Ok(new SymlinkOperation(a, FileName.Create("l"), "b"u8.ToArray()));
        Assert.Equal((FsErrno.Ok, 3), Walk(Caller.Root, "a", "b", "f"));
        Assert.Equal((FsErrno.Ok, 0), Walk(Caller.Root));
        Assert.Equal((FsErrno.NoEntry, 2), Walk(Caller.Root, "a", "b", "none"));
        Assert.Equal((FsErrno.NotDirectory, 3), Walk(Caller.Root, "a", "b", "f", "x"));
        Assert.Equal((FsErrno.NotDirectory, 2), Walk(Caller.Root, "a", "l", "f"));
        Assert.Equal((FsErrno.AccessDenied, 2), Walk(EngineFixture.Bob, "a", "b", "f"));

        (FsErrno, int) Walk(Caller caller, params string[] names)
        {
            OperationOutcome outcome = _fs.Engine.Apply(caller, new LookupOperation(InodeId.Root, names.Select(FileName.Create).ToArray(), CapBits.None));
            return (outcome.Errno, outcome.Attributes.Count);
        }
    }

    [Fact]
    public void Lookup_PathOfThousandDirectories_IsWalked()
    {
        InodeId at = InodeId.Root;
        FileName name = FileName.Create("d");
        _fs.InGroup(() =>
        {
            for (int i = 0; i < 1000; i++)
                at = _fs.Engine.Apply(Caller.Root, new MkdirOperation(at, name, 0x1ED)).Attributes[0].Ino;
        });
        OperationOutcome outcome = _fs.Engine.Apply(Caller.Root, new LookupOperation(InodeId.Root, Enumerable.Repeat(name, 1000).ToArray(), CapBits.None));
        Assert.Equal((FsErrno.Ok, 1000, at), (outcome.Errno, outcome.Attributes.Count, outcome.Attributes[^1].Ino));
        // The walk to the root that a rename of a directory makes.
        Assert.Equal(FsErrno.Invalid, _fs.Do(new RenameOperation(EngineFixture.At(InodeId.Root, "d"), at, name, false)).Errno);
    }

    [Fact]
    public void GetAttr_ByPlaceAndByNumber_AsTheAddressSays()
    {
        InodeId dir = _fs.Mkdir(InodeId.Root, "d");
        InodeId file = _fs.Create(dir, "f");
        Assert.Equal(file, _fs.Ok(new GetAttrOperation(new InodeAddress(dir, FileName.Create("f"), file))).Ino);
        Assert.Equal(FsErrno.Stale, Get(new InodeAddress(dir, FileName.Create("f"), dir)));
        Assert.Equal(FsErrno.NoEntry, Get(new InodeAddress(dir, FileName.Create("g"), file)));
        Assert.Equal(FsErrno.Invalid, Get(new InodeAddress(dir, default, file)));
        Assert.Equal(FsErrno.Ok, Get(InodeAddress.ByNumber(dir)));
        Assert.Equal(FsErrno.Stale, Get(InodeAddress.ByNumber(file)));
        Assert.Equal(FsErrno.Stale, Get(InodeAddress.ByNumber(new InodeId(ulong.MaxValue))));
        Assert.Equal(FsErrno.Stale, Get(default));

        FsErrno Get(InodeAddress address) => _fs.Do(new GetAttrOperation(address)).Errno;
    }
}
