using System.Collections.Concurrent;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>A filesystem in memory behind the gateway's face: enough of it to look at the web, and to test view models.</summary>
public sealed class FakeFileSystem : IFileSystemClient
{
    private readonly Dictionary<InodeId, FakeInode> _directories = [];
    private readonly ConcurrentDictionary<InodeId, string> _paths = [];
    private readonly FakeOperationLog _log;
    private ulong _lastIno;

    public FakeFileSystem(TimeProvider time)
    {
        Time = time;
        _log = new FakeOperationLog(this);
        Trash = new FakeTrash(this);
        Root = NewDirectory(0x1FF);
    }

    public TimeProvider Time { get; }

    public FakeInode Root { get; }

    /// <summary>A round trip.</summary>
    public TimeSpan Delay { get; set; }

    public int RemovalsPerSecond { get; set; } = 1_000_000;

    /// <summary>Set, every call answers this.</summary>
    public FsErrno Down { get; set; }

    public IOperationLog Operations => _log;

    public FakeInode NewDirectory(uint permissions = 0x1ED)
    {
        FakeInode inode = new(Attributes(FileKind.Directory, permissions, 0)) { Directory = new FakeDirectory() };
        _directories[inode.Attributes.Ino] = inode;
        return inode;
    }

    public FakeInode NewFile(long size = 0, byte[]? content = null, DateTimeOffset? modified = null) =>
        new(Attributes(FileKind.File, 0x1A4, content?.Length ?? size, modified)) { Content = content ?? [] };

    public FakeInode NewSymlink(string target) =>
        new(Attributes(FileKind.Symlink, 0x1FF, target.Length)) { Target = System.Text.Encoding.UTF8.GetBytes(target) };

    public FakeDirectory DirectoryOf(InodeId ino) => _directories[ino].Directory!;

    public FakeDirectory? TryDirectoryOf(InodeId ino) => _directories.GetValueOrDefault(ino)?.Directory;

    public FakeTrash Trash { get; }

    /// <summary>By which path it was asked for last; "" when it never was.</summary>
    public string PathOf(InodeId ino) => _paths.GetValueOrDefault(ino, "");

    /// <summary>How many requests a gateway would have made.</summary>
    public int RoundTrips { get; private set; }

    /// <summary>No answer comes before this has completed.</summary>
    public Task? Held { get; set; }

    public Task RoundTripAsync(CancellationToken cancellation)
    {
        RoundTrips++;
        if (Held is { } held)
            return held.WaitAsync(cancellation);
        return Delay > TimeSpan.Zero ? Task.Delay(Delay, Time, cancellation) : Task.CompletedTask;
    }

    public async Task<FsResult<ResolvedPath>> ResolveAsync(Caller caller, IReadOnlyList<FileName> names, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        if (Down != FsErrno.Ok)
            return Down;
        FakeInode at = Root;
        InodeAddress address = InodeAddress.ByNumber(Root.Attributes.Ino);
        foreach (FileName name in names)
        {
            if (at.Directory is null)
                return FsErrno.NotDirectory;
            if (!at.Attributes.Allows(caller, Access.Execute))
                return FsErrno.AccessDenied;
            InodeId parent = at.Attributes.Ino;
            if (at.Directory.Find(name) is not { } child)
                return FsErrno.NoEntry;
            at = child;
            address = new InodeAddress(parent, name, at.Attributes.Ino);
        }
        _paths[at.Attributes.Ino] = "/" + string.Join('/', names);
        return new ResolvedPath(address, at.Attributes);
    }

    public async Task<FsResult<IDirectoryView>> OpenDirectoryAsync(Caller caller, InodeId directory, bool whole = false, CancellationToken cancellation = default)
    {
        await RoundTripAsync(cancellation);
        if (Down != FsErrno.Ok)
            return Down;
        FakeInode inode = _directories[directory];
        if (!inode.Attributes.Allows(caller with { Uid = caller.Uid == 0 ? 1 : caller.Uid }, Access.Read))
            return FsErrno.AccessDenied;
        inode.Attributes = inode.Attributes with { Size = inode.Directory!.Count };
        return Opened<IDirectoryView>(new FakeView(this, inode));
    }

    public PendingOperation Remove(Caller caller, InodeId directory, DirectoryEntry entry) => _log.Remove(caller, directory, [entry], null)[0];

    public OperationJob RemoveMany(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries)
    {
        FakeJob job = _log.NewJob(JobKind.Delete, $"Delete {entries.Count:N0} items", caller, directory, entries.Count);
        _log.Remove(caller, directory, entries, job);
        return job;
    }

    public OperationJob RemoveTrees(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries)
    {
        FakeJob job = _log.NewJob(JobKind.Delete, $"Delete {entries.Count:N0} items", caller, directory, entries.Count);
        _log.Remove(caller, directory, entries, job, whole: true);
        return job;
    }

    public PendingOperation MoveToTrash(Caller caller, InodeId directory, DirectoryEntry entry) => _log.Remove(caller, directory, [entry], null, OperationKind.Trash)[0];

    public OperationJob MoveManyToTrash(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries)
    {
        string title = entries.Count == 1 ? $"Move {entries[0].Name} to trash" : $"Move {entries.Count:N0} items to trash";
        FakeJob job = _log.NewJob(JobKind.Trash, title, caller, directory, entries.Count);
        _log.Remove(caller, directory, entries, job, OperationKind.Trash);
        return job;
    }

    public OperationJob MoveManyToTrash(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries)
    {
        FakeJob job = _log.NewJob(JobKind.Trash, $"Move {entries.Count:N0} items to trash", caller, entries[0].Directory, entries.Count);
        foreach ((InodeId directory, DirectoryEntry entry) in entries)
            _log.Remove(caller, directory, [entry], job, OperationKind.Trash);
        return job;
    }

    public OperationJob RemoveTrees(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries)
    {
        FakeJob job = _log.NewJob(JobKind.Delete, $"Delete {entries.Count:N0} items", caller, entries[0].Directory, entries.Count);
        foreach ((InodeId directory, DirectoryEntry entry) in entries)
            _log.Remove(caller, directory, [entry], job, whole: true);
        return job;
    }

    public async Task<FsResult<IReadOnlyList<TrashEntry>>> ListTrashAsync(Caller caller, TrashId? after, int count, bool everybody, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        return Down != FsErrno.Ok ? Down : FsResult.Of(Trash.List(after, count));
    }

    public PendingOperation Restore(Caller caller, TrashPlace place) => _log.Do(OperationKind.Restore, caller, place.Directory, place.Name, null, () => Trash.Restore(place));

    public OperationJob RestoreMany(Caller caller, IReadOnlyList<TrashPlace> places)
    {
        string title = places.Count == 1 ? $"Restore {places[0].Name}" : $"Restore {places.Count:N0} items";
        FakeJob job = _log.NewJob(JobKind.Restore, title, caller, places.Count > 0 ? places[0].Directory : InodeId.None, places.Count);
        foreach (TrashPlace place in places)
            _log.Do(OperationKind.Restore, caller, place.Directory, place.Name, job, () => Trash.Restore(place));
        return job;
    }

    public PendingOperation Purge(Caller caller, TrashId id) => _log.Do(OperationKind.Purge, caller, InodeId.Trash, id.ToName(), null, () => Trash.Purge(id));

    public OperationJob PurgeMany(Caller caller, IReadOnlyList<TrashId> ids)
    {
        FakeJob job = _log.NewJob(JobKind.Purge, $"Delete {ids.Count:N0} items for good", caller, InodeId.Trash, ids.Count);
        foreach (TrashId id in ids)
            _log.Do(OperationKind.Purge, caller, InodeId.Trash, id.ToName(), job, () => Trash.Purge(id));
        return job;
    }

    public PendingOperation PurgeTrash(Caller caller, DateTimeOffset before, bool everybody) =>
        _log.Do(OperationKind.Purge, caller, InodeId.Trash, FileName.Create("all"), null, () => Trash.PurgeBefore(before));

    public async Task<FsResult<InodeAttributes>> GetAttributesAsync(Caller caller, InodeAddress target, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        return Find(target) is { } inode ? inode.Attributes : FsErrno.Stale;
    }

    public async Task<FsResult<InodeAttributes>> SetAttributesAsync(Caller caller, SetAttrOperation change, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        if (Find(change.Target) is not { } inode)
            return FsErrno.Stale;
        InodeAttributes now = inode.Attributes;
        inode.Attributes = now with
        {
            Mode = (now.Mode & InodeAttributes.TypeMask) | ((change.Mode ?? now.Mode) & InodeAttributes.PermissionMask),
            Uid = change.Uid ?? now.Uid,
            Gid = change.Gid ?? now.Gid,
            MtimeNs = change.MtimeNs ?? now.MtimeNs,
        };
        TryDirectoryOf(change.Target.Dir)?.Touch(change.Target.Name);
        return inode.Attributes;
    }

    public async Task<FsErrno> SetXattrAsync(Caller caller, InodeAddress target, byte[] name, byte[] value, XattrMode mode, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        string key = System.Text.Encoding.UTF8.GetString(name);
        if (Find(target) is not { } inode)
            return FsErrno.Stale;
        if (mode == XattrMode.Create && inode.Xattrs.ContainsKey(key))
            return FsErrno.Exists;
        inode.Xattrs[key] = value;
        return FsErrno.Ok;
    }

    public async Task<FsErrno> RemoveXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        return Find(target)?.Xattrs.Remove(System.Text.Encoding.UTF8.GetString(name)) == true ? FsErrno.Ok : FsErrno.NoData;
    }

    /// <summary>Of the entries alone: the fake walks no trees.</summary>
    public OperationJob ChangeAttributes(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries, AttributeChange change, bool enclosed)
    {
        FakeJob job = _log.NewJob(JobKind.Attributes, $"Change attributes of {entries.Count:N0} items", caller, entries[0].Directory, entries.Count);
        foreach ((InodeId directory, DirectoryEntry entry) in entries)
        {
            _log.Do(OperationKind.SetAttributes, caller, directory, entry.Name, job, () =>
                change.For(new InodeAddress(directory, entry.Name, entry.Attributes.Ino), entry.Attributes) is { } request ? Task.Run(() => SetAttributesAsync(caller, request, default)).GetAwaiter().GetResult().Errno : FsErrno.Ok);
        }
        return job;
    }

    public ISearch Search(Caller caller, InodeAttributes root, SearchSpec spec) => new FakeSearch(caller, _directories[root.Ino], spec);

    public ITreeCount CountTrees(Caller caller, IReadOnlyList<DirectoryEntry> entries) => new FakeTreeCount(this, entries);

    public async Task<FsResult<byte[]>> ReadLinkAsync(Caller caller, InodeAddress target, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        return DirectoryOf(target.Dir).Find(target.Name) is { Target.Length: > 0 } inode ? inode.Target : FsErrno.Invalid;
    }

    public async Task<FsErrno> ReadContentAsync(Caller caller, InodeAddress target, long offset, long length, Stream destination, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        if (DirectoryOf(target.Dir).Find(target.Name) is not { } inode)
            return FsErrno.NoEntry;
        long left = length < 0 ? inode.Attributes.Size - offset : length;
        if (inode.ContentFails != FsErrno.Ok)
            left = Math.Min(left, inode.ContentFailsAfter);
        byte[] block = new byte[65536];
        while (left > 0)
        {
            int now = (int)Math.Min(block.Length, left);
            if (inode.Content.Length > 0)
                await destination.WriteAsync(inode.Content.AsMemory((int)offset, now), cancellation);
            else
                await destination.WriteAsync(block.AsMemory(0, now), cancellation);
            offset += now;
            left -= now;
        }
        return inode.ContentFails;
    }

    public GatewaySnapshot Snapshot() => FakeSnapshot.Of(this, _directories.Values);

    public OperationJob RemoveTree(Caller caller, InodeAddress target) => throw new NotSupportedException();

    public OperationJob Transfer(TransferRequest request) => throw new NotSupportedException();

    public PendingOperation CreateFile(Caller caller, InodeId directory, FileName name, uint permissions) => throw new NotSupportedException();

    public PendingOperation MakeDirectory(Caller caller, InodeId directory, FileName name, uint permissions) => throw new NotSupportedException();

    public PendingOperation MakeSymlink(Caller caller, InodeId directory, FileName name, byte[] target) => throw new NotSupportedException();

    public PendingOperation Link(Caller caller, InodeAddress source, InodeId directory, FileName name) => throw new NotSupportedException();

    public PendingOperation Rename(Caller caller, InodeAddress source, InodeId directory, FileName name, bool noReplace) => throw new NotSupportedException();

    public async Task<FsResult<IReadOnlyList<byte[]>>> ListXattrsAsync(Caller caller, InodeAddress target, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        return Find(target) is { } inode ? FsResult.Of<IReadOnlyList<byte[]>>([.. inode.Xattrs.Keys.Select(System.Text.Encoding.UTF8.GetBytes)]) : FsErrno.NoEntry;
    }

    public async Task<FsResult<byte[]>> GetXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation)
    {
        await RoundTripAsync(cancellation);
        return Find(target)?.Xattrs.GetValueOrDefault(System.Text.Encoding.UTF8.GetString(name)) is { } value ? value : FsErrno.NoData;
    }

    public Task<FsResult<FileSystemStatistics>> StatFsAsync(Caller caller, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<(FsErrno Errno, long ErrorSequence)> FlushDirectoryAsync(InodeId directory, long observedErrors, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<FsResult<InodeAttributes>> WriteContentAsync(Caller caller, InodeAddress target, Stream source, long size, long? ifContent, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<FsResult<InodeAttributes>> CreateFileWithContentAsync(Caller caller, InodeId directory, FileName name, uint permissions, Stream source, long size, long? mtimeNs, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<FsResult<InodeAttributes>> CopyFileAsync(Caller caller, InodeAddress source, InodeId directory, FileName name, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>As the MDS: another inode by that name is not the one that was meant.</summary>
    private FakeInode? Find(InodeAddress target) =>
        target.Dir == InodeId.None ? _directories.GetValueOrDefault(target.Ino)
        : _directories.GetValueOrDefault(target.Dir)?.Directory?.Find(target.Name) is { } inode && (target.Ino.IsNone || inode.Attributes.Ino == target.Ino) ? inode : null;

    private static FsResult<T> Opened<T>(T view) => view;

    private InodeAttributes Attributes(FileKind kind, uint permissions, long size, DateTimeOffset? modified = null) => new()
    {
        Ino = new InodeId(Interlocked.Increment(ref _lastIno)),
        Mode = InodeAttributes.ModeOf(kind, permissions),
        Uid = 1000,
        Gid = 1000,
        Size = size,
        MtimeNs = (modified ?? Time.GetUtcNow()).ToUnixTimeMilliseconds() * 1_000_000,
        Content = 1,
    };
}
