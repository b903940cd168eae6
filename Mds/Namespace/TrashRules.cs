using System.Buffers.Binary;
using System.Text;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>
/// The trash is a directory with a number of its own that no tree lists. Its entries are named by <see cref="TrashId"/>, and each has
/// its origin as an xattr of that directory. Besides those it has (1) entries <c>purge-INO</c>: directories that were purged and are
/// emptied behind it, and (2) xattrs <c>before-UID</c> and <c>before-all</c>: whatever is older is as good as gone.
/// </summary>
internal sealed class TrashRules(Tree tree, RemoveRules removals)
{
    private static readonly byte[] MarkOfAll = "before-all"u8.ToArray();

    private readonly List<byte[]> _marks = [];
    private readonly List<Inode> _moved = [];

    /// <summary>There may be something to do behind the replies.</summary>
    public bool HasWork { get; set; } = true;

    public OperationOutcome Move(Caller caller, TrashOperation operation)
    {
        Entry entry = default;
        FsErrno errno = removals.FindVictim(caller, operation.Dir, operation.Name, operation.Ino, out DirectoryState directory, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        // As a rename to another directory would need.
        if (entry.Directory is { } moved && !moved.Rights.Allows(caller, Access.Write))
            return FsErrno.AccessDenied;
        if (tree.IsInTrash(directory))
            return FsErrno.Stale;

        DirectoryState trash = tree.Trash();
        // Two names of one inode may come in one moment.
        TrashId id = new(caller.Uid, tree.NowNs, entry.Ino);
        for (Dentry taken = default; tree.Store.TryGetDentry(InodeId.Trash, id.ToName().Span, ref taken);)
            id = id with { RemovedNs = id.RemovedNs + 1 };
        FileName name = id.ToName();
        byte[] origin = TrashOrigin.Of(tree, directory, operation.Name).ToBytes();
        MoveEntry(directory, operation.Name, trash, name, ref entry);
        PutXattr(trash, name.Span, origin, isNew: true);
        return tree.Done(Answer(entry.Ino, id.RemovedNs));
    }

    /// <summary>
    /// The longest part of the run whose names are adjacent rows of the directory, each a file of one place that the caller may remove: read in one scan, deleted
    /// as one range, put into the trash one after the other.
    /// </summary>
    public RunOutcome MoveRun(RequestRun run, int start)
    {
        TrashOperation first = (TrashOperation)run.Operations[start];
        if (removals.FindRun(run, start, withMoreOnly: false, _moved, out DirectoryState directory) == 0 || tree.IsInTrash(directory))
            return default;
        DirectoryVersion from = directory.Version;
        DirectoryState trash = tree.Trash();
        tree.RemoveEntries(directory, run, start, start + _moved.Count);
        for (int i = 0; i < _moved.Count; i++)
        {
            Entry entry = new() { Kind = DentryKind.Embedded, Inode = _moved[i] };
            entry.Inode.CtimeNs = tree.NowNs;
            // Free: a file of one place comes here once in a moment, and has left when it comes again.
            FileName name = new TrashId(run.Caller.Uid, tree.NowNs, entry.Ino).ToName();
            tree.AddEntry(trash, name, ref entry);
            PutXattr(trash, name.Span, TrashOrigin.Of(tree, directory, RequestRun.NameOf(run.Operations[start + i])).ToBytes(), isNew: true);
        }
        return new RunOutcome(_moved.Count, first.Dir, from, Answer(InodeId.None, tree.NowNs));
    }

    /// <summary>All that whoever asked needs to know of the place in the trash, besides who he is.</summary>
    private static InodeAttributes Answer(InodeId ino, long removedNs) => new() { Ino = ino, Mode = 0, CtimeNs = removedNs };

    public OperationOutcome Restore(Caller caller, RestoreOperation operation)
    {
        Entry entry = default;
        FsErrno errno = Find(caller, operation.Id, out DirectoryState trash, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        errno = tree.GetDirectory(operation.Dir, out DirectoryState to);
        if (errno != FsErrno.Ok)
            return errno;
        if (tree.IsInTrash(to))
            return FsErrno.Stale;
        if (operation.Name.IsEmpty)
            return FsErrno.Invalid;
        if (!to.Rights.Allows(caller, Access.Execute))
            return FsErrno.AccessDenied;
        Entry existing = default;
        if (tree.TryGetEntry(to, operation.Name, ref existing))
            return FsErrno.Exists;
        errno = to.Rights.MayChangeEntries(caller);
        if (errno != FsErrno.Ok)
            return errno;
        FileName name = operation.Id.ToName();
        MoveEntry(trash, name, to, operation.Name, ref entry);
        DeleteXattr(trash, name.Span);
        return tree.Done(entry.ToAttributes());
    }

    public OperationOutcome Purge(Caller caller, PurgeOperation operation)
    {
        Entry entry = default;
        FsErrno errno = Find(caller, operation.Id, out DirectoryState trash, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        Purge(trash, operation.Id.ToName(), ref entry);
        return tree.Done();
    }

    /// <summary>A file goes at once. A directory with entries gets another name and is emptied behind it: however much it is, this is one step.</summary>
    public void Purge(DirectoryState trash, FileName name, ref Entry entry)
    {
        DeleteXattr(trash, name.Span);
        if (entry.Directory is { Record.Entries: > 0 })
        {
            MoveEntry(trash, name, trash, TrashPurge.DoomedName(entry.Ino), ref entry);
            HasWork = true;
            return;
        }
        tree.RemoveEntry(trash, name, ref entry);
        tree.ReleaseInode(ref entry);
    }

    public OperationOutcome PurgeAll(Caller caller, PurgeTrashOperation operation)
    {
        if (operation.Everybody && caller.Uid != 0)
            return FsErrno.NotPermitted;
        if (tree.FindDirectory(InodeId.Trash) is not { } trash)
            return tree.Done();
        byte[] mark = operation.Everybody ? MarkOfAll : MarkOf(caller.Uid);
        // Not what is yet to come, whatever the caller's clock says.
        long before = Math.Min(operation.BeforeNs, tree.NowNs);
        byte[]? known = tree.Store.ReadXattr(InodeId.Trash, mark);
        if (known is null || BinaryPrimitives.ReadInt64LittleEndian(known) < before)
        {
            byte[] value = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(value, before);
            PutXattr(trash, mark, value, isNew: known is null);
            _marks.Add(mark);
            HasWork = true;
        }
        return tree.Done();
    }

    public OperationOutcome List(Caller caller, ListTrashOperation operation)
    {
        if (operation.Everybody && caller.Uid != 0)
            return FsErrno.NotPermitted;
        List<TrashEntry> found = [];
        if (tree.FindDirectory(InodeId.Trash) is { } trash)
        {
            byte[] from = operation.After is { } after ? [.. after.ToName().Span, 0]
                : operation.Everybody ? [0]
                : TrashPurge.FirstOf(caller.Uid);
            while (found.Count < operation.Count && tree.Store.TryGetNameAt(InodeId.Trash, from, 0, out FileName name) && TrashId.TryParse(name.Span, out TrashId id))
            {
                if (!operation.Everybody && id.Owner != caller.Uid)
                    break;
                if (id.RemovedNs < PurgedBefore(id.Owner))
                {
                    // So is the rest of this owner's.
                    if (id.Owner == uint.MaxValue)
                        break;
                    from = TrashPurge.FirstOf(id.Owner + 1);
                    continue;
                }
                found.Add(Describe(trash, id, name));
                from = [.. name.Span, 0];
            }
        }
        return new OperationOutcome(FsErrno.Ok) { Trash = found };
    }

    /// <summary>What this owner has put into the trash before this moment is purged, whether it is still there or not. 0: nothing.</summary>
    public long PurgedBefore(uint owner) => Math.Max(ReadMark(MarkOfAll), ReadMark(MarkOf(owner)));

    /// <summary>Nothing is left that a mark meant, nor any doomed directory: each entry has one xattr, and the rest are marks.</summary>
    public void DropMarks(DirectoryState trash)
    {
        DeleteMarks(trash, _marks);
        _marks.Clear();
        if (trash.Record.Xattrs == trash.Record.Entries)
            return;
        // Of an earlier run.
        List<byte[]> names = [];
        tree.Store.ReadXattrNames(InodeId.Trash, names);
        DeleteMarks(trash, names.Where(IsMark));
    }

    public static bool IsMark(byte[] xattr) => xattr.AsSpan().StartsWith("before-"u8);

    private void DeleteMarks(DirectoryState trash, IEnumerable<byte[]> marks)
    {
        foreach (byte[] mark in marks.Where(m => tree.Store.ReadXattr(InodeId.Trash, m) is not null))
            DeleteXattr(trash, mark);
    }

    private static byte[] MarkOf(uint owner) => Encoding.ASCII.GetBytes($"before-{owner:x8}");

    private FsErrno Find(Caller caller, TrashId id, out DirectoryState trash, ref Entry entry)
    {
        trash = tree.FindDirectory(InodeId.Trash)!;
        if (caller.Uid != 0 && caller.Uid != id.Owner)
            return FsErrno.NotPermitted;
        return trash is not null && id.RemovedNs >= PurgedBefore(id.Owner) && tree.TryGetEntry(trash, id.ToName(), ref entry) ? FsErrno.Ok : FsErrno.NoEntry;
    }

    private TrashEntry Describe(DirectoryState trash, TrashId id, FileName name)
    {
        Entry entry = default;
        if (!tree.TryGetEntry(trash, name, ref entry))
            throw Tree.Broken(id.Ino, "entry of the trash");
        if (tree.Store.ReadXattr(InodeId.Trash, name.Span) is not { } record || !TrashOrigin.TryParse(record, out TrashOrigin origin))
            throw Tree.Broken(id.Ino, "origin of the trash's entry");
        return new TrashEntry(id, entry.ToAttributes(), origin.Directory, origin.Path);
    }

    private void MoveEntry(DirectoryState from, FileName name, DirectoryState to, FileName newName, ref Entry entry)
    {
        tree.RemoveEntry(from, name, ref entry);
        if (entry.Kind == DentryKind.Embedded)
            entry.Inode.CtimeNs = tree.NowNs;
        if (entry.Directory is { } moved)
        {
            moved.Record.Parent = to.Ino;
            moved.Record.Name = newName;
            tree.MarkDirty(moved);
        }
        tree.AddEntry(to, newName, ref entry);
    }

    private long ReadMark(byte[] name) => tree.Store.ReadXattr(InodeId.Trash, name) is { Length: 8 } mark ? BinaryPrimitives.ReadInt64LittleEndian(mark) : 0;

    private void PutXattr(DirectoryState trash, ReadOnlySpan<byte> name, byte[] value, bool isNew)
    {
        tree.Store.WriteXattr(InodeId.Trash, name, value);
        trash.Record.Xattrs += isNew ? 1u : 0;
        tree.MarkDirty(trash);
    }

    private void DeleteXattr(DirectoryState trash, ReadOnlySpan<byte> name)
    {
        tree.Store.DeleteXattr(InodeId.Trash, name);
        trash.Record.Xattrs--;
        tree.MarkDirty(trash);
    }
}
