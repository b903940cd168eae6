using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>
/// The primitive changes of the tree, each with the counts, the version and the delta that belong to it. The rules decide
/// what is allowed and then call these; nothing here refuses.
/// </summary>
internal sealed class Tree(INamespaceStore store, DirectoryTable directories, RankIndexTable ranks, Totals totals, InodeNumbers numbers)
{
    private readonly List<DirectoryDelta> _changes = [];
    private readonly List<Place> _places = [];

    public INamespaceStore Store => store;

    public Totals Totals => totals;

    /// <summary>Time of the group in progress: its operations are one moment.</summary>
    public long NowNs { get; set; }

    public int ChangeCount => _changes.Count;

    public void BeginOperation() => _changes.Clear();

    public InodeId NewIno() => numbers.Next();

    public OperationOutcome Done() => new(FsErrno.Ok) { Changes = _changes.ToArray() };

    public OperationOutcome Done(InodeAttributes attributes) => new(FsErrno.Ok) { Attributes = [attributes], Changes = _changes.ToArray() };

    /// <summary><see cref="FsErrno.Stale"/> for a number that names nothing (any more) or the trash, <see cref="FsErrno.NotDirectory"/> for one of a file.</summary>
    public FsErrno GetDirectory(InodeId ino, out DirectoryState directory)
    {
        directory = directories.Find(ino)!;
        if (directory is not null)
            return directory.IsTrash ? FsErrno.Stale : FsErrno.Ok;
        Inode inode = default;
        return store.TryGetLinked(ino, ref inode) ? FsErrno.NotDirectory : FsErrno.Stale;
    }

    public DirectoryState? FindDirectory(InodeId ino) => directories.Find(ino);

    /// <summary>The trash, made when it is needed first. It is in no tree, so no count of the tree knows it.</summary>
    public DirectoryState Trash() => directories.Find(InodeId.Trash) ?? directories.Add(new DirectoryRecord
    {
        Ino = InodeId.Trash,
        Parent = InodeId.Trash,
        Mode = InodeAttributes.ModeOf(FileKind.Directory, 0x1C0),
        MtimeNs = NowNs,
        CtimeNs = NowNs,
        AtimeNs = NowNs,
        Version = 1,
    });

    /// <summary>Whether the directory hangs under the trash and no longer under the root.</summary>
    public bool IsInTrash(DirectoryState directory)
    {
        while (!directory.IsRoot && !directory.IsTrash)
            directory = directories.Find(directory.Record.Parent) ?? throw Broken(directory.Record.Parent, "directory");
        return directory.IsTrash;
    }

    public bool TryGetEntry(DirectoryState directory, FileName name, ref Entry entry)
    {
        Dentry dentry = default;
        if (!store.TryGetDentry(directory.Ino, name.Span, ref dentry))
            return false;
        entry.Kind = dentry.Kind;
        entry.Inode = dentry.Inode;
        entry.Directory = null;
        if (dentry.Kind == DentryKind.Directory)
            entry.Directory = directories.Find(dentry.Inode.Ino) ?? throw Broken(dentry.Inode.Ino, "directory");
        else if (dentry.Kind == DentryKind.Linked && !store.TryGetLinked(dentry.Inode.Ino, ref entry.Inode))
            throw Broken(dentry.Inode.Ino, "linked inode");
        return true;
    }

    /// <summary>A new name for an inode, of a linked one with its place.</summary>
    public void AddEntry(DirectoryState directory, FileName name, ref Entry entry)
    {
        PutDentry(directory, name, ref entry);
        Count(directory, entry.Kind, 1);
        directory.Record.Entries++;
        totals.Entries++;
        directory.Ranks?.OnAdded(store, name);
        directory.Collect(name, 1);
        Touch(directory);
        Changed(directory, DeltaKind.Added, name, entry.ToAttributes());
    }

    /// <summary>The name is gone; what was behind it is for <see cref="ReleaseInode"/>, or has another name.</summary>
    public void RemoveEntry(DirectoryState directory, FileName name, ref Entry entry)
    {
        store.DeleteDentry(directory.Ino, name.Span);
        if (entry.Kind == DentryKind.Linked)
            store.RemovePlace(entry.Ino, directory.Ino, name.Span);
        Count(directory, entry.Kind, -1);
        directory.Record.Entries--;
        totals.Entries--;
        directory.Ranks?.OnRemoved(name);
        directory.Collect(name, -1);
        Touch(directory);
        Changed(directory, DeltaKind.Removed, name, null);
    }

    /// <summary>Removals of a run, whose names are all that is between the first and the last of them: a version each, no deltas.</summary>
    public void RemoveEntries(DirectoryState directory, RequestRun run, int start, int end)
    {
        store.DeleteDentries(directory.Ino, NameAt(start).Span, NameAt(end - 1).Span);
        for (int i = start; directory.IsFollowed && i < end; i++)
        {
            directory.Ranks?.OnRemoved(NameAt(i));
            directory.Collect(NameAt(i), -1);
        }
        CountRun(directory, start - end, end - start);

        FileName NameAt(int index) => RequestRun.NameOf(run.Operations[index]);
    }

    /// <summary>Creates of a run: a version each, no deltas. <paramref name="entry"/> is the first; the others are like it and take the next inode numbers.</summary>
    public void AddEntries(DirectoryState directory, RequestRun run, int start, int end, ref Entry entry)
    {
        for (int i = start; i < end; i++)
        {
            FileName name = ((CreateOperation)run.Operations[i]).Name;
            PutDentry(directory, name, ref entry);
            directory.Ranks?.OnAdded(store, name);
            directory.Collect(name, 1);
            if (i + 1 < end)
                entry.Inode.Ino = NewIno();
        }
        CountRun(directory, end - start, end - start);
    }

    /// <summary>The name stays and stands for another inode: one change.</summary>
    public void ReplaceEntry(DirectoryState directory, FileName name, ref Entry old, ref Entry entry)
    {
        if (old.Kind == DentryKind.Linked)
            store.RemovePlace(old.Ino, directory.Ino, name.Span);
        PutDentry(directory, name, ref entry);
        Count(directory, old.Kind, -1);
        Count(directory, entry.Kind, 1);
        Touch(directory);
        Changed(directory, DeltaKind.Changed, name, entry.ToAttributes());
    }

    public DirectoryState AddDirectory(DirectoryRecord record)
    {
        totals.Directories++;
        return directories.Add(record);
    }

    /// <summary>One name fewer: frees the inode with its xattrs and content when it was the last, and tells the other places of a linked one.</summary>
    public void ReleaseInode(ref Entry entry)
    {
        if (entry.Directory is { } directory)
        {
            if (directory.Record.Xattrs != 0)
                store.DeleteXattrs(directory.Ino);
            ranks.Drop(directory);
            directories.Delete(directory);
            totals.Directories--;
            return;
        }
        if (entry.Kind == DentryKind.Linked)
        {
            entry.Inode.Nlink--;
            if (entry.Inode.Nlink > 0)
            {
                entry.Inode.CtimeNs = NowNs;
                WriteLinked(ref entry.Inode);
                return;
            }
            store.DeleteLinked(entry.Ino);
        }
        if (entry.Inode.Xattrs != 0)
            store.DeleteXattrs(entry.Ino);
        PurgeBlob(in entry.Inode);
        if (entry.Inode.Size != 0)
            totals.Bytes -= entry.Inode.Size;
    }

    /// <summary>In the same transaction as the change that hides the content.</summary>
    public void PurgeBlob(in Inode inode)
    {
        if (inode.Blob != 0)
            store.AddPurge(inode.Ino, inode.Blob);
    }

    /// <summary>Writes an inode whose attributes have changed, and tells every directory that lists it.</summary>
    public void WriteInode(ref Target target)
    {
        if (target.Entry.Directory is { } directory)
        {
            directories.MarkDirty(directory);
            directory.OnRightsChanged();
            Changed(directory, DeltaKind.Self, default, null);
            if (target.Parent is { } parent)
                Changed(parent, DeltaKind.Changed, target.Name, directory.Record.ToAttributes());
        }
        else if (target.Entry.Kind == DentryKind.Linked)
        {
            WriteLinked(ref target.Entry.Inode);
        }
        else
        {
            DirectoryState parent = target.Parent ?? throw new InvalidOperationException("An embedded inode has one place.");
            Dentry dentry = new() { Kind = DentryKind.Embedded, Inode = target.Entry.Inode };
            store.PutDentry(parent.Ino, target.Name.Span, in dentry);
            Changed(parent, DeltaKind.Changed, target.Name, target.Entry.Inode.ToAttributes());
        }
    }

    /// <summary>Gives an embedded inode a row of its own and lets its one dentry refer to it, so that a second name can.</summary>
    public void MoveToLinked(DirectoryState directory, FileName name, ref Entry entry)
    {
        entry.Kind = DentryKind.Linked;
        Dentry dentry = new() { Kind = DentryKind.Linked, Inode = entry.Inode };
        store.PutDentry(directory.Ino, name.Span, in dentry);
        store.AddPlace(entry.Ino, directory.Ino, name.Span);
        directory.Record.Links++;
        directories.MarkDirty(directory);
    }

    public void WriteLinked(ref Inode inode)
    {
        store.WriteLinked(in inode);
        _places.Clear();
        store.ReadPlaces(inode.Ino, _places);
        InodeAttributes attributes = inode.ToAttributes();
        foreach (Place place in _places)
        {
            DirectoryState directory = directories.Find(place.Dir) ?? throw Broken(place.Dir, "directory");
            Changed(directory, DeltaKind.Changed, place.Name, attributes);
        }
    }

    public void MarkDirty(DirectoryState directory) => directories.MarkDirty(directory);

    public static InvalidOperationException Broken(InodeId ino, string what) => new($"The store refers to {what} {ino}, which is not there. Run check.");

    private void PutDentry(DirectoryState directory, FileName name, ref Entry entry)
    {
        Dentry dentry = new() { Kind = entry.Kind, Inode = entry.Inode };
        store.PutDentry(directory.Ino, name.Span, in dentry);
        if (entry.Kind == DentryKind.Linked)
            store.AddPlace(entry.Ino, directory.Ino, name.Span);
    }

    private static void Count(DirectoryState directory, DentryKind kind, int by)
    {
        if (kind == DentryKind.Directory)
            directory.Record.Subdirectories += by;
        else if (kind == DentryKind.Linked)
            directory.Record.Links += by;
    }

    private void CountRun(DirectoryState directory, int entries, int versions)
    {
        directory.Record.Entries += entries;
        totals.Entries += entries;
        directory.Record.Version += versions;
        directories.MarkDirty(directory);
        Touch(directory);
    }

    private void Touch(DirectoryState directory)
    {
        directory.Record.MtimeNs = NowNs;
        directory.Record.CtimeNs = NowNs;
    }

    private void Changed(DirectoryState directory, DeltaKind kind, FileName name, InodeAttributes? attributes)
    {
        DirectoryVersion from = directory.Version;
        directory.Record.Version++;
        directories.MarkDirty(directory);
        if (directory.IsTrash)
            return; // Nobody holds caps on it.
        if (kind == DeltaKind.Self)
            attributes = directory.Record.ToAttributes();
        _changes.Add(new DirectoryDelta(directory.Ino, from, directory.Version, kind, name, attributes));
    }
}
