using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>Which directories an operation touches, by the state of the moment; nothing is checked that the operation itself will check.</summary>
internal sealed class Footprints(Tree tree)
{
    private readonly List<Place> _places = [];

    public FsErrno Of(FsOperation operation, List<DirectoryUse> uses) => operation switch
    {
        UnlinkOperation o => Unlink(o, uses),
        TrashOperation o => Entries(o.Dir, uses),
        RestoreOperation o => Entries(o.Dir, uses),
        PurgeOperation o => Purge(o, uses),
        PurgeTrashOperation or ListTrashOperation => FsErrno.Ok, // What hangs on the entries is asked for when they go.
        CreateOperation o => Entries(o.Dir, uses),
        MkdirOperation o => Entries(o.Dir, uses),
        SymlinkOperation o => Entries(o.Dir, uses),
        RmdirOperation o => Rmdir(o, uses),
        RenameOperation o => Rename(o, uses),
        LinkOperation o => Entries(o.Dir, uses) is var errno and not FsErrno.Ok ? errno : Inode(o.Source, write: true, uses),
        LookupOperation o => Walk(o, uses),
        ReaddirOperation o => Use(o.Dir, write: false, uses),
        GetAttrOperation o => Inode(o.Target, write: false, uses),
        SetAttrOperation o => Inode(o.Target, write: true, uses),
        ReadlinkOperation o => Inode(o.Target, write: false, uses),
        GetXattrOperation o => Inode(o.Target, write: false, uses),
        ListXattrOperation o => Inode(o.Target, write: false, uses),
        SetXattrOperation o => Inode(o.Target, write: true, uses),
        RemoveXattrOperation o => Inode(o.Target, write: true, uses),
        StatFsOperation => FsErrno.Ok,
        _ => throw new NotSupportedException($"No footprint for {operation.GetType().Name}."),
    };

    /// <summary>All in one directory: what its first touches the others touch, too, unless there are hard links in it.</summary>
    public FsErrno Of(RequestRun run, List<DirectoryUse> uses)
    {
        FsErrno errno = Of(run.Operations[0], uses);
        if (run.Operations[0] is not UnlinkOperation { Dir: var dir } || tree.FindDirectory(dir) is not { Record.Links: > 0 })
            return errno;
        for (int i = 1; i < run.Count; i++)
            Of(run.Operations[i], uses);
        return errno;
    }

    /// <summary>The directories that list an inode, and the inode itself when it is a directory.</summary>
    public FsErrno Inode(in InodeAddress address, bool write, List<DirectoryUse> uses)
    {
        if (!address.Dir.IsNone)
        {
            FsErrno errno = Use(address.Dir, write, uses);
            if (errno == FsErrno.Ok && tree.FindDirectory(address.Dir) is { } directory)
                Behind(directory, address.Name, write, uses);
            return errno;
        }
        if (tree.FindDirectory(address.Ino) is { } self)
        {
            Add(self.Ino, write, uses);
            if (!self.IsRoot)
                Add(self.Record.Parent, write, uses);
            return FsErrno.Ok;
        }
        int before = uses.Count;
        AddPlaces(address.Ino, write, uses);
        return uses.Count > before ? FsErrno.Ok : FsErrno.Stale;
    }

    /// <summary>Looks at the victim only when the directory has hard links at all: a count kept with it tells.</summary>
    private FsErrno Unlink(UnlinkOperation operation, List<DirectoryUse> uses)
    {
        FsErrno errno = tree.GetDirectory(operation.Dir, out DirectoryState directory);
        if (errno != FsErrno.Ok)
            return errno;
        Add(operation.Dir, true, uses);
        if (directory.Record.Links != 0)
            Behind(directory, operation.Name, true, uses);
        return FsErrno.Ok;
    }

    private FsErrno Purge(PurgeOperation operation, List<DirectoryUse> uses)
    {
        if (tree.FindDirectory(InodeId.Trash) is { } trash)
            Behind(trash, operation.Id.ToName(), true, uses);
        return FsErrno.Ok;
    }

    private FsErrno Rmdir(RmdirOperation operation, List<DirectoryUse> uses)
    {
        FsErrno errno = tree.GetDirectory(operation.Dir, out DirectoryState directory);
        if (errno != FsErrno.Ok)
            return errno;
        Add(operation.Dir, true, uses);
        Behind(directory, operation.Name, true, uses);
        return FsErrno.Ok;
    }

    private FsErrno Rename(RenameOperation operation, List<DirectoryUse> uses)
    {
        FsErrno errno = tree.GetDirectory(operation.Dir, out DirectoryState to);
        if (errno != FsErrno.Ok)
            return errno;
        InodeId from = operation.Source.Dir;
        if (from.IsNone && tree.FindDirectory(operation.Source.Ino) is { IsRoot: false } moved)
            from = moved.Record.Parent;
        if (!from.IsNone && Use(from, true, uses) is var other and not FsErrno.Ok)
            return other;
        Add(operation.Dir, true, uses);
        Behind(to, operation.Name, true, uses);
        return FsErrno.Ok;
    }

    private FsErrno Walk(LookupOperation operation, List<DirectoryUse> uses)
    {
        FsErrno errno = Use(operation.Dir, false, uses);
        DirectoryState? directory = errno == FsErrno.Ok ? tree.FindDirectory(operation.Dir) : null;
        Dentry dentry = default;
        // The last name is read in the directory before it.
        for (int i = 0; i + 1 < operation.Names.Count && directory is not null; i++)
        {
            if (!tree.Store.TryGetDentry(directory.Ino, operation.Names[i].Span, ref dentry) || dentry.Kind != DentryKind.Directory)
                break;
            directory = tree.FindDirectory(dentry.Inode.Ino);
            Add(dentry.Inode.Ino, false, uses);
        }
        return errno;
    }

    /// <summary>What hangs on the inode behind a name besides the directory that has the name.</summary>
    private void Behind(DirectoryState directory, FileName name, bool write, List<DirectoryUse> uses)
    {
        Dentry dentry = default;
        if (name.IsEmpty || !tree.Store.TryGetDentry(directory.Ino, name.Span, ref dentry))
            return;
        if (dentry.Kind == DentryKind.Directory)
            Add(dentry.Inode.Ino, write, uses);
        else if (dentry.Kind == DentryKind.Linked)
            AddPlaces(dentry.Inode.Ino, write, uses);
    }

    private void AddPlaces(InodeId ino, bool write, List<DirectoryUse> uses)
    {
        _places.Clear();
        tree.Store.ReadPlaces(ino, _places);
        foreach (Place place in _places)
            Add(place.Dir, write, uses);
    }

    private FsErrno Entries(InodeId dir, List<DirectoryUse> uses) => Use(dir, true, uses);

    private FsErrno Use(InodeId dir, bool write, List<DirectoryUse> uses)
    {
        FsErrno errno = tree.GetDirectory(dir, out _);
        if (errno == FsErrno.Ok)
            Add(dir, write, uses);
        return errno;
    }

    private static void Add(InodeId dir, bool write, List<DirectoryUse> uses)
    {
        for (int i = 0; i < uses.Count; i++)
        {
            if (uses[i].Dir != dir)
                continue;
            if (write && !uses[i].Write)
                uses[i] = new DirectoryUse(dir, true);
            return;
        }
        uses.Add(new DirectoryUse(dir, write));
    }
}
