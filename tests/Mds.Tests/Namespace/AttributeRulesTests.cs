using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class AttributeRulesTests : IDisposable
{
    private readonly EngineFixture _fs = new();
    private readonly InodeId _home;

    public AttributeRulesTests()
    {
        _home = _fs.Mkdir(InodeId.Root, "home", 0x1FF);
        _fs.Ok(new CreateOperation(_home, FileName.Create("f"), 0x1A4, true), EngineFixture.Alice);
    }

    public void Dispose()
    {
        _fs.AssertClean();
        _fs.Dispose();
    }

    private static InodeAddress File(InodeId dir) => EngineFixture.At(dir, "f");

    [Fact]
    public void SetAttr_OwnerAndRoot_MayWhatOthersMayNot()
    {
        SetAttrOperation chmod = new(File(_home)) { Mode = 0x1ED };
        SetAttrOperation give = new(File(_home)) { Uid = 1001 };
        SetAttrOperation group = new(File(_home)) { Gid = 50 };
        SetAttrOperation foreign = new(File(_home)) { Gid = 51 };
        SetAttrOperation times = new(File(_home)) { MtimeNs = 5, AtimeNs = 6 };
        foreach (SetAttrOperation operation in new[] { chmod, give, group, foreign, times })
            Assert.Equal(FsErrno.NotPermitted, _fs.Do(operation, EngineFixture.Bob).Errno);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(give, EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(foreign, EngineFixture.Alice).Errno);
        foreach (SetAttrOperation operation in new[] { chmod, group, times })
            Assert.Equal(FsErrno.Ok, _fs.Do(operation, EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.Ok, _fs.Do(give).Errno);
        InodeAttributes f = _fs.Stat(_home, "f")!;
        Assert.Equal((0x81EDu, 1001u, 50u, 5L, 6L), (f.Mode, f.Uid, f.Gid, f.MtimeNs, f.AtimeNs));
    }

    [Fact]
    public void SetAttr_Directory_TellsItselfAndItsParent()
    {
        OperationOutcome outcome = _fs.Do(new SetAttrOperation(InodeAddress.ByNumber(_home)) { Mode = 0x1C0 });
        Assert.Equal([(_home, DeltaKind.Self), (InodeId.Root, DeltaKind.Changed)], outcome.Changes.Select(c => (c.Dir, c.Kind)));
        Assert.All(outcome.Changes, change => Assert.Equal(0x41C0u, change.Attributes!.Mode));
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new GetAttrOperation(File(_home)), EngineFixture.Bob).Errno);
        OperationOutcome root = _fs.Do(new SetAttrOperation(InodeAddress.ByNumber(InodeId.Root)) { Mode = 0x1FF });
        Assert.Equal([(InodeId.Root, DeltaKind.Self)], root.Changes.Select(c => (c.Dir, c.Kind)));
        Assert.Equal(0x41FFu, root.Attributes[0].Mode);
    }

    [Fact]
    public void SetAttr_Size_CutsAndFillsWithZeros()
    {
        FsErrno Truncate(long size, Caller? caller = null) => _fs.Do(new SetAttrOperation(File(_home)) { Size = size }, caller).Errno;
        Assert.Equal(FsErrno.AccessDenied, Truncate(1, EngineFixture.Bob));
        Assert.Equal(FsErrno.Invalid, Truncate(-1));
        Assert.Equal(FsErrno.FileTooLarge, Truncate(long.MaxValue));
        Assert.Equal(FsErrno.IsDirectory, _fs.Do(new SetAttrOperation(InodeAddress.ByNumber(_home)) { Size = 0 }).Errno);

        Assert.Equal(FsErrno.Ok, Truncate(1000));
        Assert.Equal((0L, 0L, 1000L), Extent());
        Write(600);
        Assert.Equal((2L, 600L, 600L), Extent());
        Assert.Equal(FsErrno.Ok, Truncate(100));
        Assert.Equal(FsErrno.Ok, Truncate(5000));
        Assert.Equal((2L, 100L, 5000L), Extent());
        Assert.Equal(4, _fs.Stat(_home, "f")!.Content);
        Assert.Equal(FsErrno.Ok, Truncate(0));
        Assert.Equal((0L, 0L, 0L), Extent());
        Assert.Equal([2L], Purged());

        (long, long, long) Extent()
        {
            Assert.Equal(FsErrno.Ok, _fs.Engine.OpenContent(EngineFixture.Alice, File(_home), out _, out ContentExtent extent));
            return (extent.Blob, extent.Stored, extent.Size);
        }
    }

    [Fact]
    public void CommitContent_ReplacesOnce_AndPurgesTheOldBytes()
    {
        Write(10);
        Write(20);
        InodeAttributes f = _fs.Stat(_home, "f")!;
        Assert.Equal((20L, 2L), (f.Size, f.Content));
        Assert.Equal([1L], Purged());
        Assert.Equal(FsErrno.Stale, _fs.Engine.StageContent(Caller.Root, File(_home), 1, out _));
        Assert.Equal(FsErrno.AccessDenied, _fs.Engine.StageContent(EngineFixture.Bob, File(_home), null, out _));

        Assert.Equal(FsErrno.Ok, _fs.Engine.StageContent(Caller.Root, File(_home), null, out ContentTicket first));
        Assert.Equal(FsErrno.Ok, _fs.Engine.StageContent(Caller.Root, File(_home), 2, out ContentTicket second));
        Assert.NotEqual(first, second);
        _fs.InGroup(() => Assert.True(_fs.Engine.CommitContent(Caller.Root, File(_home), first, 5, 77, null).IsOk));
        _fs.InGroup(() => Assert.Equal(FsErrno.Stale, _fs.Engine.CommitContent(Caller.Root, File(_home), second, 6, null, 2).Errno));
        _fs.Engine.ReleaseContent(first);
        _fs.Engine.ReleaseContent(second);
        Assert.Equal(77, _fs.Stat(_home, "f")!.MtimeNs);
        _fs.Unlink(_home, "f");
        Assert.Equal([1L, 2L, 3L], Purged());
        Assert.Equal(0, Statistics().Bytes);

        // A file for an empty content is not needed, also if somebody has filed one.
        _fs.Ok(new CreateOperation(_home, FileName.Create("f"), 0x1A4, true));
        Write(0);
        Assert.Equal((0L, 1L), (_fs.Stat(_home, "f")!.Size, _fs.Stat(_home, "f")!.Content));
        Assert.Equal([1L, 2L, 3L, 1L], Purged());
    }

    [Fact]
    public void Xattrs_AreCountedKeptAndGuarded()
    {
        byte[] name = "user.a"u8.ToArray();
        Assert.Equal(FsErrno.NoData, _fs.Do(new GetXattrOperation(File(_home), name)).Errno);
        Assert.Equal(FsErrno.NoData, _fs.Do(new SetXattrOperation(File(_home), name, [1], XattrMode.Replace)).Errno);
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new SetXattrOperation(File(_home), name, [1], XattrMode.Either), EngineFixture.Bob).Errno);
        OperationOutcome set = _fs.Do(new SetXattrOperation(File(_home), name, [1], XattrMode.Create), EngineFixture.Alice);
        Assert.Equal(1u, set.Attributes[0].Xattrs);
        Assert.Equal(DeltaKind.Changed, Assert.Single(set.Changes).Kind);
        Assert.Equal(FsErrno.Exists, _fs.Do(new SetXattrOperation(File(_home), name, [1], XattrMode.Create)).Errno);
        Assert.Equal(1u, _fs.Ok(new SetXattrOperation(File(_home), name, new byte[64 * 1024], XattrMode.Either)).Xattrs);
        Assert.Equal(FsErrno.Range, _fs.Do(new SetXattrOperation(File(_home), name, new byte[(64 * 1024) + 1], XattrMode.Either)).Errno);
        Assert.Equal(FsErrno.Range, _fs.Do(new SetXattrOperation(File(_home), new byte[256], [], XattrMode.Either)).Errno);
        Assert.Equal(64 * 1024, _fs.Do(new GetXattrOperation(File(_home), name), EngineFixture.Bob).Data.Length);

        _fs.Ok(new SetXattrOperation(File(_home), "trusted.b"u8.ToArray(), [], XattrMode.Either));
        Assert.Equal(FsErrno.NoData, _fs.Do(new GetXattrOperation(File(_home), "trusted.b"u8.ToArray()), EngineFixture.Alice).Errno);
        Assert.Single(_fs.Do(new ListXattrOperation(File(_home)), EngineFixture.Alice).Names);
        Assert.Equal(2, _fs.Do(new ListXattrOperation(File(_home))).Names.Count);

        Assert.Equal(1u, _fs.Ok(new RemoveXattrOperation(File(_home), name), EngineFixture.Alice).Xattrs);
        Assert.Equal(FsErrno.NoData, _fs.Do(new RemoveXattrOperation(File(_home), name)).Errno);
        OperationOutcome directory = _fs.Do(new SetXattrOperation(InodeAddress.ByNumber(_home), name, [9], XattrMode.Either));
        Assert.Equal([DeltaKind.Self, DeltaKind.Changed], directory.Changes.Select(c => c.Kind));
        _fs.Unlink(_home, "f");
        _fs.Ok(new RmdirOperation(InodeId.Root, FileName.Create("home"), _home));
    }

    [Fact]
    public void StatFs_CountsWhatThereIs()
    {
        Write(100);
        _fs.Link(_home, "f", InodeId.Root, "g");
        Assert.Equal(new FileSystemStatistics(3, 2, 100, 1_000, 2_000), Statistics());
        _fs.Unlink(_home, "f");
        _fs.Unlink(InodeId.Root, "g");
        Assert.Equal(new FileSystemStatistics(1, 2, 0, 1_000, 2_000), Statistics());
        _fs.Reopen();
        Assert.Equal(new FileSystemStatistics(1, 2, 0, 1_000, 2_000), Statistics());
    }

    private FileSystemStatistics Statistics() => _fs.Engine.Apply(Caller.Root, new StatFsOperation()).Statistics!;

    private void Write(long size)
    {
        Assert.Equal(FsErrno.Ok, _fs.Engine.StageContent(Caller.Root, File(_home), null, out ContentTicket ticket));
        _fs.InGroup(() => Assert.True(_fs.Engine.CommitContent(Caller.Root, File(_home), ticket, size, null, null).IsOk));
        _fs.Engine.ReleaseContent(ticket);
    }

    private List<long> Purged()
    {
        List<PurgeRow> rows = [];
        using INamespaceSnapshot snapshot = _fs.Store.OpenSnapshot();
        snapshot.ReadPurgeQueue(100, rows);
        return rows.ConvertAll(row => row.Blob);
    }
}
