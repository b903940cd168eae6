using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>
/// The rules of the tree over its store, for the one writer loop that owns it. Changes are made inside a group, which is
/// one transaction: <see cref="BeginGroup"/>, any number of <see cref="Apply"/>, <see cref="CommitGroup"/>. A
/// <see cref="StoreException"/> from any member inside a group means that the whole group has been undone and is over.
/// </summary>
internal sealed partial class NamespaceEngine
{
    private readonly INamespaceStore _store;
    private readonly TimeProvider _time;
    private readonly DirectoryTable _directories;
    private readonly RankIndexTable _ranks = new();
    private readonly Totals _totals;
    private readonly InodeNumbers _numbers;
    private readonly CompletedTable _completed;
    private readonly Tree _tree;
    private readonly Footprints _footprints;
    private readonly LookupRules _lookups;
    private readonly CreateRules _creations;
    private readonly RemoveRules _removals;
    private readonly RenameRules _renames;
    private readonly TrashRules _trash;
    private readonly TrashPurge _purge;
    private readonly AttributeRules _attributes;
    private readonly XattrRules _xattrs;
    private readonly ContentRules _contents;
    private readonly PageOpener _pages;
    private bool _inGroup;

    /// <param name="space">Free and total bytes of the disk below, for statfs.</param>
    public NamespaceEngine(INamespaceStore store, TimeProvider time, Func<(long FreeBytes, long TotalBytes)>? space = null)
    {
        _store = store;
        _time = time;
        _directories = new DirectoryTable(store);
        _totals = new Totals(store);
        _numbers = new InodeNumbers(store);
        _completed = new CompletedTable(store);
        _tree = new Tree(store, _directories, _ranks, _totals, _numbers);
        Resolver resolver = new(_tree);
        _footprints = new Footprints(_tree);
        _lookups = new LookupRules(_tree, resolver, space ?? (() => (0, 0)));
        _creations = new CreateRules(_tree, resolver);
        _removals = new RemoveRules(_tree);
        _renames = new RenameRules(_tree, resolver);
        _trash = new TrashRules(_tree, _removals);
        _purge = new TrashPurge(_tree, _trash);
        _attributes = new AttributeRules(_tree, resolver);
        _xattrs = new XattrRules(_tree, resolver);
        _contents = new ContentRules(_tree, resolver);
        _pages = new PageOpener(store, _ranks);
        Epoch = new Epoch(store.ReadCounter(StoreCounter.Epoch));
    }

    public Guid Generation => _store.Generation;

    public Epoch Epoch { get; private set; }

    public bool InGroup => _inGroup;

    /// <summary>Begins a new term, durably. Once, when the MDS starts, before anything else.</summary>
    public Epoch Start()
    {
        Epoch next = new(Epoch.Value + 1);
        BeginGroup();
        Guarded(() => _store.WriteCounter(StoreCounter.Epoch, next.Value));
        CommitGroup();
        return Epoch = next;
    }

    public void BeginGroup()
    {
        if (_inGroup)
            throw new InvalidOperationException("A group is open.");
        _store.Begin();
        _inGroup = true;
        _completed.BeginGroup();
        _tree.NowNs = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>Returns when the group is durable.</summary>
    public void CommitGroup()
    {
        RequireGroup();
        Guarded(() =>
        {
            _directories.WriteBack();
            _totals.WriteBack();
            _completed.WriteBack();
            _store.Commit();
        });
        _inGroup = false;
        _ranks.TakeBuilt(_store);
        _directories.TrimToBound();
    }

    /// <summary>Undoes the group. Harmless when there is none.</summary>
    public void AbortGroup()
    {
        if (!_inGroup)
            return;
        _inGroup = false;
        // First what cannot fail: whatever the store does now, nothing undone stays in memory.
        _ranks.Clear();
        _directories.Clear();
        _store.Rollback();
        _totals.Reload();
        _numbers.ForgetReservation();
        _completed.Undo();
    }

    /// <summary>
    /// Adds every directory whose entries or listed attributes the operation would read or change. Ok also when the
    /// operation will be refused; an error only when its directory does not exist.
    /// </summary>
    public FsErrno Footprint(FsOperation operation, List<DirectoryUse> uses) => _footprints.Of(operation, uses);

    /// <summary>The same for opening (<paramref name="write"/> false) or replacing the content of an inode.</summary>
    public FsErrno Footprint(InodeAddress target, bool write, List<DirectoryUse> uses) => _footprints.Inode(target, write, uses);

    /// <summary>Does one operation. Readers may be applied outside a group too.</summary>
    public OperationOutcome Apply(Caller caller, FsOperation operation)
    {
        if (operation.IsMutation)
            RequireGroup();
        _tree.BeginOperation();
        try
        {
            OperationOutcome outcome = Dispatch(caller, operation);
            if (!outcome.IsOk && _tree.ChangeCount != 0)
                throw new InvalidOperationException($"{operation.GetType().Name} was refused with {outcome.Errno} after it had changed something.");
            return outcome;
        }
        catch
        {
            AbortGroup();
            throw;
        }
    }

    public IReadOnlyList<SessionRecord> LoadSessions() => _completed.Sessions();

    public void PutSession(SessionId id, string clientName)
    {
        RequireGroup();
        Guarded(() => _completed.Put(id, clientName));
    }

    public void RemoveSession(SessionId id)
    {
        RequireGroup();
        Guarded(() => _completed.Remove(id));
    }

    /// <summary>Remembers a success in the transaction of its change. Refusals are not remembered: they are run again.</summary>
    public void Complete(SessionId session, long tid, CompletedResult result) => Complete(session, new CompletedRun(tid, 1, result.Attributes));

    public bool TryGetCompleted(SessionId session, long tid, out CompletedResult result) => _completed.TryGet(session, tid, out result);

    public int CompletedCount(SessionId session) => _completed.Count(session);

    /// <summary>The session will not repeat anything before <paramref name="oldestTid"/>. Cheap when it has said so before.</summary>
    public void TrimCompleted(SessionId session, long oldestTid) => _completed.Trim(session, oldestTid);

    public DirectoryVersion VersionOf(InodeId dir) =>
        _directories.Find(dir)?.Version ?? throw new ArgumentException($"There is no directory {dir}.", nameof(dir));

    public bool TryGetDirectory(InodeId dir, out InodeAttributes attributes, out DirectoryVersion version, out long entries)
    {
        DirectoryState? directory = dir == InodeId.Trash ? null : _directories.Find(dir);
        attributes = directory?.Record.ToAttributes()!;
        version = directory?.Version ?? default;
        entries = directory?.Record.Entries ?? 0;
        return directory is not null;
    }

    /// <summary>Whether a jump in the directory finds its place at once.</summary>
    public bool HasRankIndex(InodeId dir) => _directories.Find(dir)?.Ranks is not null;

    /// <summary>Whether the caller may list the directory.</summary>
    public FsErrno MayList(Caller caller, InodeId dir)
    {
        FsErrno errno = _tree.GetDirectory(dir, out DirectoryState directory);
        return errno != FsErrno.Ok ? errno : directory.Rights.Allows(caller, Access.Read) ? FsErrno.Ok : FsErrno.AccessDenied;
    }

    /// <summary>
    /// Between groups: pages of the committed state, starting after a name, or with the entry of a rank (which wins). The
    /// reader must be disposed.
    /// </summary>
    public FsErrno OpenPages(InodeId dir, FileName after, long? rank, out PageReader reader)
    {
        reader = null!;
        if (_inGroup)
            throw new InvalidOperationException("Pages are read between groups.");
        if (rank < 0)
            return FsErrno.Invalid;
        FsErrno errno = _tree.GetDirectory(dir, out DirectoryState directory);
        if (errno != FsErrno.Ok)
            return errno;
        reader = _pages.Open(directory, after, rank, Epoch);
        return FsErrno.Ok;
    }

    private OperationOutcome Dispatch(Caller caller, FsOperation operation) => operation switch
    {
        UnlinkOperation o => _removals.Unlink(caller, o),
        TrashOperation o => _trash.Move(caller, o),
        CreateOperation o => _creations.Create(caller, o),
        LookupOperation o => _lookups.Lookup(caller, o),
        GetAttrOperation o => _lookups.GetAttr(caller, o),
        SetAttrOperation o => _attributes.SetAttr(caller, o),
        MkdirOperation o => _creations.Mkdir(caller, o),
        RmdirOperation o => _removals.Rmdir(caller, o),
        SymlinkOperation o => _creations.Symlink(caller, o),
        LinkOperation o => _creations.Link(caller, o),
        RenameOperation o => _renames.Rename(caller, o),
        RestoreOperation o => _trash.Restore(caller, o),
        PurgeOperation o => _trash.Purge(caller, o),
        PurgeTrashOperation o => _trash.PurgeAll(caller, o),
        ListTrashOperation o => _trash.List(caller, o),
        ReadlinkOperation o => _lookups.Readlink(caller, o),
        GetXattrOperation o => _xattrs.Get(caller, o),
        SetXattrOperation o => _xattrs.Set(caller, o),
        ListXattrOperation o => _xattrs.List(caller, o),
        RemoveXattrOperation o => _xattrs.Remove(caller, o),
        StatFsOperation => _lookups.StatFs(),
        ReaddirOperation => throw new InvalidOperationException("A listing is opened with OpenPages."),
        _ => throw new NotSupportedException($"{operation.GetType().Name} is not an operation of the namespace."),
    };

    private void RequireGroup()
    {
        if (!_inGroup)
            throw new InvalidOperationException("No group is open.");
    }

    private OperationOutcome Change(Func<OperationOutcome> change)
    {
        RequireGroup();
        _tree.BeginOperation();
        OperationOutcome outcome = default!;
        Guarded(() => outcome = change());
        return outcome;
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch
        {
            AbortGroup();
            throw;
        }
    }
}
