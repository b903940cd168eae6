using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class TrashRulesTests : IDisposable
{
    private static readonly InodeId Root = InodeId.Root;

    private readonly EngineFixture _fs = new();

    public void Dispose() => _fs.Dispose();

    [Fact]
    public void Move_OfAFile_KeepsItWithItsOriginAndChangesOneDirectory()
    {
        InodeId dir = _fs.Mkdir(_fs.Mkdir(Root, "a"), "b");
        InodeId file = _fs.Create(dir, "f");
        OperationOutcome before = _fs.Do(new StatFsOperation()), moved = _fs.Do(new TrashOperation(dir, Name("f"), file));
        Assert.Null(_fs.Stat(dir, "f"));
        Assert.Equal((dir, DeltaKind.Removed), (Assert.Single(moved.Changes).Dir, moved.Changes[0].Kind));
        TrashEntry entry = Assert.Single(List());
        Assert.Equal((file, dir, "a/b/f"), (entry.Attributes.Ino, entry.Directory, Path(entry)));
        // Whoever removed it knows its place without asking.
        Assert.Equal(new TrashId(0, moved.Attributes[0].CtimeNs, file), entry.Id);
        Assert.Equal(before.Statistics, _fs.Do(new StatFsOperation()).Statistics);
        _fs.AssertClean();
    }

    [Fact]
    public void Move_OfADirectory_TakesAllThatIsInItInOneStep()
    {
        InodeId dir = _fs.Mkdir(Root, "d");
        InodeId sub = _fs.Mkdir(dir, "sub");
        InodeId file = _fs.Create(sub, "f");
        OperationOutcome moved = _fs.Do(new TrashOperation(Root, Name("d"), dir));
        Assert.Single(moved.Changes);
        Assert.Equal(1L, _fs.StatDirectory(dir).Size);
        _fs.Reopen();
        _fs.Ok(new RestoreOperation(IdOf(moved), Root, Name("again")));
        Assert.Equal(dir, _fs.Stat(Root, "again")!.Ino);
        Assert.Equal(file, _fs.Stat(sub, "f")!.Ino);
        Assert.Empty(List());
        _fs.AssertClean();
    }

    [Fact]
    public void Rename_OutOfOrIntoWhatIsInTheTrash_IsStale()
    {
        InodeId dir = _fs.Mkdir(Root, "d"), sub = _fs.Mkdir(dir, "sub");
        _fs.Create(sub, "f");
        InodeId outside = _fs.Create(Root, "outside");
        OperationOutcome moved = _fs.Do(new TrashOperation(Root, Name("d"), dir));
        Assert.Equal(FsErrno.Stale, _fs.Do(new RenameOperation(new InodeAddress(dir, Name("sub"), sub), Root, Name("saved"), false)).Errno);
        Assert.Equal(FsErrno.Stale, _fs.Do(new RenameOperation(new InodeAddress(Root, Name("outside"), outside), sub, Name("lost"), false)).Errno);
        _fs.Ok(new RestoreOperation(IdOf(moved), Root, Name("d")));
        Assert.Equal(FsErrno.Ok, _fs.Do(new RenameOperation(new InodeAddress(dir, Name("sub"), sub), Root, Name("saved"), false)).Errno);
        _fs.AssertClean();
    }

    [Fact]
    public void Move_OfHardLinks_LeavesTheLinkCountAlone()
    {
        _fs.Create(Root, "one");
        InodeId ino = _fs.Link(Root, "one", Root, "two");
        TrashId first = default, second = default;
        _fs.InGroup(() =>
        {
            first = IdOf(_fs.Engine.Apply(Caller.Root, new TrashOperation(Root, Name("one"), ino)));
            second = IdOf(_fs.Engine.Apply(Caller.Root, new TrashOperation(Root, Name("two"), ino)));
        });
        Assert.NotEqual(first, second); // Two of one inode in one moment.
        Assert.All(List(), entry => Assert.Equal(2u, entry.Attributes.Nlink));
        Assert.Equal(FsErrno.Ok, _fs.Do(new PurgeOperation(first)).Errno);
        _fs.Ok(new RestoreOperation(second, Root, Name("back")));
        Assert.Equal((ino, 1u), (_fs.Stat(Root, "back")!.Ino, _fs.Stat(Root, "back")!.Nlink));
        _fs.AssertClean();
    }

    [Fact]
    public void Restore_PlaceIsTakenOrGone_IsRefusedAndAnotherPlaceWillDo()
    {
        InodeId dir = _fs.Mkdir(Root, "d");
        InodeId file = _fs.Create(dir, "f");
        TrashId id = IdOf(_fs.Do(new TrashOperation(dir, Name("f"), file)));
        _fs.Create(dir, "f");
        Assert.Equal(FsErrno.Exists, _fs.Do(new RestoreOperation(id, dir, Name("f"))).Errno);
        TrashId above = IdOf(_fs.Do(new TrashOperation(Root, Name("d"), dir)));
        Assert.Equal(FsErrno.Stale, _fs.Do(new RestoreOperation(id, dir, Name("g"))).Errno); // In the trash itself.
        _fs.Do(new PurgeOperation(above));
        PurgeAll();
        Assert.Equal(FsErrno.Stale, _fs.Do(new RestoreOperation(id, dir, Name("g"))).Errno);
        Assert.Equal(FsErrno.NotDirectory, _fs.Do(new RestoreOperation(id, LinkedFile(), Name("g"))).Errno);
        _fs.Ok(new RestoreOperation(id, Root, Name("elsewhere")));
        Assert.Equal(FsErrno.NoEntry, _fs.Do(new RestoreOperation(id, Root, Name("twice"))).Errno);
        _fs.AssertClean();
    }

    [Fact]
    public void Entries_AreTheirOwnersAndRootsAlone()
    {
        InodeId dir = _fs.Mkdir(Root, "open", 0x1FF);
        TrashId alices = Trash(EngineFixture.Alice, "a"), bobs = Trash(EngineFixture.Bob, "b");
        Assert.Equal([alices], List(EngineFixture.Alice).Select(e => e.Id));
        Assert.Equal([alices, bobs], List(Caller.Root, everybody: true).Select(e => e.Id));
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(new ListTrashOperation(null, 10, true), EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(new RestoreOperation(bobs, dir, Name("x")), EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(new PurgeOperation(bobs), EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(new PurgeTrashOperation(long.MaxValue, true), EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new RestoreOperation(alices, Root, Name("x")), EngineFixture.Alice).Errno); // May not write there.
        Assert.Equal(FsErrno.Ok, _fs.Do(new RestoreOperation(bobs, Root, Name("x"))).Errno);

        TrashId Trash(Caller caller, string name)
        {
            _fs.Ok(new CreateOperation(dir, Name(name), 0x1A4, true), caller);
            return IdOf(_fs.Do(new TrashOperation(dir, Name(name), InodeId.None), caller), caller);
        }
    }

    [Fact]
    public void Move_ByWhoMayNot_IsRefusedLikeAnUnlinkAndARename()
    {
        InodeId closed = _fs.Mkdir(Root, "closed"), open = _fs.Mkdir(Root, "open", 0x1FF), sticky = _fs.Mkdir(Root, "sticky", 0x3FF);
        _fs.Create(closed, "f");
        _fs.Mkdir(open, "roots");
        _fs.Create(sticky, "f");
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new TrashOperation(closed, Name("f"), InodeId.None), EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.AccessDenied, _fs.Do(new TrashOperation(open, Name("roots"), InodeId.None), EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.NotPermitted, _fs.Do(new TrashOperation(sticky, Name("f"), InodeId.None), EngineFixture.Alice).Errno);
        Assert.Equal(FsErrno.NoEntry, _fs.Do(new TrashOperation(open, Name("none"), InodeId.None)).Errno);
        Assert.Equal(FsErrno.Stale, _fs.Do(new TrashOperation(open, Name("roots"), new InodeId(999))).Errno);
    }

    [Fact]
    public void TheTrashItself_IsNamedByNoOtherOperation()
    {
        InodeId dir = _fs.Mkdir(Root, "d");
        TrashId id = IdOf(_fs.Do(new TrashOperation(Root, Name("d"), dir)));
        FileName name = id.ToName();
        InodeAddress inside = new(InodeId.Trash, name, dir);
        FsOperation[] all =
        [
            new CreateOperation(InodeId.Trash, Name("x"), 0x1A4, true), new MkdirOperation(InodeId.Trash, Name("x"), 0x1ED), new UnlinkOperation(InodeId.Trash, name, dir),
            new RmdirOperation(InodeId.Trash, name, dir), new TrashOperation(InodeId.Trash, name, dir), new LookupOperation(InodeId.Trash, [name], CapBits.None),
            new GetAttrOperation(inside), new GetAttrOperation(InodeAddress.ByNumber(InodeId.Trash)), new SetAttrOperation(InodeAddress.ByNumber(InodeId.Trash)) { Mode = 0x1FF },
            new SetXattrOperation(InodeAddress.ByNumber(InodeId.Trash), name.ToArray(), [1], XattrMode.Either), new RenameOperation(inside, Root, Name("x"), false),
            new RenameOperation(InodeAddress.ByNumber(dir), Root, Name("x"), false), new RenameOperation(InodeAddress.ByNumber(dir), InodeId.Trash, Name("x"), false),
            new RestoreOperation(id, InodeId.Trash, Name("x")),
        ];
        Assert.All(all, operation => Assert.Equal((operation, FsErrno.Stale), (operation, _fs.Do(operation).Errno)));
        Assert.Equal(FsErrno.Stale, _fs.Engine.MayList(Caller.Root, InodeId.Trash));
        Assert.False(_fs.Engine.TryGetDirectory(InodeId.Trash, out _, out _, out _));
        // A directory that somebody still has by its number is there; it cannot be trashed once more from within.
        InodeId made = _fs.Mkdir(dir, "made");
        Assert.Equal(FsErrno.Stale, _fs.Do(new TrashOperation(dir, Name("made"), made)).Errno);
        _fs.AssertClean();
    }

    [Fact]
    public void List_GoesByPagesNewestFirst()
    {
        TrashId[] ids = [.. Enumerable.Range(0, 25).Select(i => IdOf(_fs.Do(new TrashOperation(Root, Name($"f{i}"), _fs.Create(Root, $"f{i}")))))];
        List<TrashId> seen = [];
        while (_fs.Do(new ListTrashOperation(seen.Count > 0 ? seen[^1] : null, 10, false)).Trash is { Count: > 0 } page)
            seen.AddRange(page.Select(e => e.Id));
        Assert.Equal(ids.Reverse(), seen);
    }

    [Fact]
    public void Purge_OfADirectory_IsOneStepAndTheRestFollowsAlsoAfterARestart()
    {
        InodeId dir = _fs.Mkdir(Root, "d");
        for (int i = 0; i < 10; i++)
        {
            InodeId sub = _fs.Mkdir(dir, $"sub{i}");
            for (int j = 0; j < 10; j++)
                _fs.Create(sub, $"f{j}");
        }
        TrashId id = IdOf(_fs.Do(new TrashOperation(Root, Name("d"), dir)));
        Assert.Equal(FsErrno.Ok, _fs.Do(new PurgeOperation(id)).Errno);
        Assert.Empty(List());
        Assert.Equal(FsErrno.NoEntry, _fs.Do(new RestoreOperation(id, Root, Name("d"))).Errno);
        _fs.AssertClean();
        Assert.Equal(7, Step(7).Count);
        _fs.AssertClean();
        _fs.Reopen();
        Assert.True(_fs.Engine.HasTrashToPurge);
        Assert.Equal(111 - 7, PurgeAll());
        Assert.Equal((0L, 1L), (_fs.Do(new StatFsOperation()).Statistics!.Entries, _fs.Do(new StatFsOperation()).Statistics!.Directories));
        _fs.AssertClean();
    }

    [Fact]
    public void Purge_OfAll_IsOutOfSightAtOnceAndGoneLater_WhatCameAfterStays()
    {
        InodeId open = _fs.Mkdir(Root, "open", 0x1FF);
        TrashId old = IdOf(_fs.Do(new TrashOperation(Root, Name("a"), _fs.Create(Root, "a"))));
        _fs.Ok(new CreateOperation(open, Name("alices"), 0x1A4, true), EngineFixture.Alice);
        TrashId alices = IdOf(_fs.Do(new TrashOperation(open, Name("alices"), InodeId.None), EngineFixture.Alice), EngineFixture.Alice);
        _fs.Do(new PurgeTrashOperation(long.MaxValue, false)); // Of root alone, and of what there is by now.
        TrashId late = IdOf(_fs.Do(new TrashOperation(Root, Name("b"), _fs.Create(Root, "b"))));
        Assert.Equal([late], List().Select(e => e.Id));
        Assert.Equal(FsErrno.NoEntry, _fs.Do(new RestoreOperation(old, Root, Name("a"))).Errno);
        _fs.Reopen();
        Assert.Equal(1, PurgeAll());
        Assert.Equal([late, alices], List(Caller.Root, everybody: true).Select(e => e.Id));
        _fs.AssertClean();
        _fs.Do(new PurgeTrashOperation(long.MaxValue, true));
        Assert.Empty(List(Caller.Root, everybody: true));
        Assert.Equal(2, PurgeAll());
        Assert.False(_fs.Engine.HasTrashToPurge);
        _fs.AssertClean();
    }

    [Fact]
    public void Retention_PurgesWhatIsOlderOfEveryOwner()
    {
        InodeId open = _fs.Mkdir(Root, "open", 0x1FF);
        List<TrashId> ids = [];
        foreach (Caller caller in new[] { Caller.Root, EngineFixture.Alice, EngineFixture.Bob })
        {
            for (int i = 0; i < 4; i++)
            {
                _fs.Ok(new CreateOperation(open, Name("f"), 0x1A4, true), caller);
                ids.Add(IdOf(_fs.Do(new TrashOperation(open, Name("f"), InodeId.None), caller), caller));
            }
        }
        long since = ids[6].RemovedNs; // Alice's third.
        Assert.Equal(6, PurgeAll(since));
        Assert.Equal(ids.Skip(6).Order(Comparer<TrashId>.Create((a, b) => a.ToName().CompareTo(b.ToName()))), List(Caller.Root, everybody: true).Select(e => e.Id));
        _fs.AssertClean();
    }

    [Fact]
    public void Purge_DirectoryIsHeldByASession_WaitsForIt()
    {
        InodeId dir = _fs.Mkdir(Root, "d");
        _fs.Create(dir, "f");
        _fs.Do(new PurgeOperation(IdOf(_fs.Do(new TrashOperation(Root, Name("d"), dir)))));
        _fs.InGroup(() =>
        {
            _fs.Engine.PurgeTrash(0, 10, at => at != dir, out int count, out _, out bool isBlocked);
            Assert.Equal((0, true), (count, isBlocked));
        });
        Assert.Equal(2, PurgeAll());
    }

    [Fact]
    public void Check_OfADamagedTrash_SaysWhat()
    {
        TrashId id = IdOf(_fs.Do(new TrashOperation(Root, Name("f"), _fs.Create(Root, "f"))));
        _fs.InGroup(() => _fs.Store.DeleteXattr(InodeId.Trash, id.ToName().Span));
        Assert.Contains(new Capstan.Mds.Admin.Checker(_fs.Store, null).Run().Findings, f => f.ToString().Contains("has no origin", StringComparison.Ordinal));
    }

    [Fact]
    public void Move_FromVeryDeep_KeepsTheEndOfThePath()
    {
        InodeId at = Root;
        for (int i = 0; i < 20; i++)
            at = _fs.Mkdir(at, new string('x', 200));
        _fs.Do(new TrashOperation(at, Name("f"), _fs.Create(at, "f")));
        TrashEntry entry = Assert.Single(List());
        Assert.Equal((at, "f", 6), (entry.Directory, entry.Name.ToString(), entry.Path.Count));
    }

    [Theory]
    [InlineData(0u, 0L, 16ul)]
    [InlineData(uint.MaxValue, long.MaxValue, ulong.MaxValue)]
    [InlineData(1000u, 1_790_000_000_000_000_000L, 4711ul)]
    public void Name_OfAnEntry_ReadsBack(uint owner, long removed, ulong ino)
    {
        TrashId id = new(owner, removed, new InodeId(ino));
        Assert.True(TrashId.TryParse(id.ToName().Span, out TrashId read));
        Assert.Equal(id, read);
    }

    private static FileName Name(string name) => FileName.Create(name);

    private static string Path(TrashEntry entry) => string.Join('/', entry.Path.Select(n => n.ToString()));

    private static TrashId IdOf(OperationOutcome moved, Caller? caller = null)
    {
        Assert.Equal(FsErrno.Ok, moved.Errno);
        return new TrashId((caller ?? Caller.Root).Uid, moved.Attributes[0].CtimeNs, moved.Attributes[0].Ino);
    }

    private IReadOnlyList<TrashEntry> List(Caller? caller = null, bool everybody = false) => _fs.Do(new ListTrashOperation(null, 500, everybody), caller).Trash;

    private InodeId LinkedFile()
    {
        _fs.Create(Root, "linked");
        return _fs.Link(Root, "linked", Root, "linked too");
    }

    private (int Count, bool IsBlocked) Step(int limit, long since = 0)
    {
        (int count, bool isBlocked) = (0, false);
        _fs.InGroup(() => _fs.Engine.PurgeTrash(since, limit, _ => true, out count, out _, out isBlocked));
        return (count, isBlocked);
    }

    private int PurgeAll(long since = 0)
    {
        int all = 0;
        while (Step(3, since).Count is > 0 and var count)
            all += count;
        return all;
    }
}
