using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>New names: files, directories, symlinks, hard links.</summary>
internal sealed class CreateRules(Tree tree, Resolver resolver)
{
    /// <summary>As PATH_MAX less the NUL.</summary>
    public const int MaxTargetLength = 4095;

    /// <summary>Each change of a linked inode tells all its places, so their number has a bound; ext4's.</summary>
    public const uint MaxLinks = 65_000;

    private const uint SetGid = 0x400;

    public OperationOutcome Create(Caller caller, CreateOperation operation)
    {
        Entry entry = default;
        FsErrno errno = FindPlace(caller, operation.Dir, operation.Name, out DirectoryState directory, ref entry);
        if (errno == FsErrno.Exists && !operation.Exclusive)
        {
            // As open(O_CREAT | O_NOFOLLOW) on what is there.
            return entry.IsDirectory ? FsErrno.IsDirectory
                : entry.Inode.Kind == FileKind.Symlink ? FsErrno.TooManySymlinks
                : tree.Done(entry.ToAttributes());
        }
        if (errno != FsErrno.Ok)
            return errno;
        Fill(caller, directory, FileKind.File, operation.Mode, ref entry);
        tree.AddEntry(directory, operation.Name, ref entry);
        return tree.Done(entry.ToAttributes());
    }

    /// <summary>A file that appears with its content, filed under <paramref name="ticket"/>, in one change.</summary>
    public OperationOutcome CreateWhole(Caller caller, in NewFile file, ContentTicket ticket, long size, long? mtimeNs)
    {
        if (size is < 0 or > AttributeRules.MaxSize)
            return size < 0 ? FsErrno.Invalid : FsErrno.FileTooLarge;
        Entry entry = default;
        FsErrno errno = FindPlace(caller, file.Dir, file.Name, out DirectoryState directory, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        Fill(caller, directory, FileKind.File, file.Mode, ref entry, ticket.Ino);
        Show(ref entry.Inode, ticket, size);
        entry.Inode.MtimeNs = mtimeNs ?? tree.NowNs;
        tree.AddEntry(directory, file.Name, ref entry);
        return tree.Done(entry.ToAttributes());
    }

    /// <summary>
    /// The same with the content, permissions (less setuid and setgid), mtime and xattrs of <paramref name="source"/>, of which the caller has
    /// those that it may read. <see cref="FsErrno.Stale"/> when the source shows another content than <paramref name="extent"/> by now.
    /// </summary>
    public OperationOutcome Copy(Caller caller, in InodeAddress source, ContentExtent extent, in NewFile file, ContentTicket ticket)
    {
        Target from = default;
        FsErrno errno = resolver.Resolve(caller, source, ref from);
        if (errno != FsErrno.Ok)
            return errno;
        Entry original = from.Entry;
        if (original.IsDirectory || original.Inode.Kind != FileKind.File)
            return original.IsDirectory ? FsErrno.IsDirectory : FsErrno.Invalid;
        if (!original.ToAttributes().Allows(caller, Access.Read))
            return FsErrno.AccessDenied;
        if (original.Inode.Ino != extent.Ino || original.Inode.Blob != extent.Blob
            || original.Inode.Stored != extent.Stored || original.Inode.Size != extent.Size)
            return FsErrno.Stale;
        Entry entry = default;
        errno = FindPlace(caller, file.Dir, file.Name, out DirectoryState directory, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        Fill(caller, directory, FileKind.File, original.Inode.Mode & 0x1FF, ref entry, ticket.Ino);
        Show(ref entry.Inode, extent.Stored == 0 ? default : ticket, extent.Size);
        entry.Inode.Stored = extent.Stored;
        entry.Inode.MtimeNs = original.Inode.MtimeNs;
        entry.Inode.Xattrs = CopyXattrs(caller, original.Inode, ticket.Ino);
        tree.AddEntry(directory, file.Name, ref entry);
        return tree.Done(entry.ToAttributes());
    }

    public OperationOutcome Mkdir(Caller caller, MkdirOperation operation)
    {
        Entry entry = default;
        FsErrno errno = FindPlace(caller, operation.Dir, operation.Name, out DirectoryState directory, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        Fill(caller, directory, FileKind.Directory, operation.Mode, ref entry);
        entry.Kind = DentryKind.Directory;
        entry.Directory = tree.AddDirectory(new DirectoryRecord
        {
            Ino = entry.Ino,
            Parent = directory.Ino,
            Name = operation.Name,
            // A directory hands the bit on, so that the whole subtree keeps the group.
            Mode = entry.Inode.Mode | (directory.Record.Mode & SetGid),
            Uid = entry.Inode.Uid,
            Gid = entry.Inode.Gid,
            MtimeNs = tree.NowNs,
            CtimeNs = tree.NowNs,
            AtimeNs = tree.NowNs,
            Version = 1,
        });
        tree.AddEntry(directory, operation.Name, ref entry);
        return tree.Done(entry.ToAttributes());
    }

    public OperationOutcome Symlink(Caller caller, SymlinkOperation operation)
    {
        if (operation.Target.Length == 0 || operation.Target.Contains((byte)0))
            return FsErrno.Invalid;
        if (operation.Target.Length > MaxTargetLength)
            return FsErrno.NameTooLong;
        Entry entry = default;
        FsErrno errno = FindPlace(caller, operation.Dir, operation.Name, out DirectoryState directory, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        Fill(caller, directory, FileKind.Symlink, 0x1FF, ref entry);
        entry.Inode.Target = operation.Target;
        entry.Inode.Size = operation.Target.Length;
        tree.AddEntry(directory, operation.Name, ref entry);
        tree.Totals.Bytes += operation.Target.Length;
        return tree.Done(entry.ToAttributes());
    }

    /// <summary>
    /// The second name moves an inode into the table of linked ones. It stays there when it is back to one: rare, and moving it
    /// again would change how it is addressed under whoever holds its number.
    /// </summary>
    public OperationOutcome Link(Caller caller, LinkOperation operation)
    {
        Target source = default;
        FsErrno errno = resolver.Resolve(caller, operation.Source, ref source);
        if (errno != FsErrno.Ok)
            return errno;
        Entry existing = default;
        errno = FindPlace(caller, operation.Dir, operation.Name, out DirectoryState directory, ref existing);
        if (errno != FsErrno.Ok)
            return errno;
        if (source.Entry.IsDirectory)
            return FsErrno.NotPermitted;
        if (source.Entry.Inode.Nlink >= MaxLinks)
            return FsErrno.TooManyLinks;

        if (source.Entry.Kind == DentryKind.Embedded)
            tree.MoveToLinked(source.Parent!, source.Name, ref source.Entry);
        source.Entry.Inode.Nlink++;
        source.Entry.Inode.CtimeNs = tree.NowNs;
        // The places that are there already learn of the new count before the new one is added.
        tree.WriteLinked(ref source.Entry.Inode);
        tree.AddEntry(directory, operation.Name, ref source.Entry);
        return tree.Done(source.Entry.ToAttributes());
    }

    /// <summary>Ok when the name is free and the caller may take it; Exists, with the entry, when it is not free.</summary>
    private FsErrno FindPlace(Caller caller, InodeId dir, FileName name, out DirectoryState directory, ref Entry existing)
    {
        FsErrno errno = tree.GetDirectory(dir, out directory);
        if (errno != FsErrno.Ok)
            return errno;
        if (name.IsEmpty)
            return FsErrno.Invalid;
        if (!directory.Rights.Allows(caller, Access.Execute))
            return FsErrno.AccessDenied;
        return tree.TryGetEntry(directory, name, ref existing) ? FsErrno.Exists : directory.Rights.MayChangeEntries(caller);
    }

    private void Show(ref Inode inode, ContentTicket ticket, long size)
    {
        // As where a content is replaced: an empty one needs no file.
        inode.Content = 1;
        inode.Blob = size == 0 ? 0 : ticket.Version;
        inode.Stored = inode.Size = size;
        tree.Totals.Bytes += size;
    }

    private uint CopyXattrs(Caller caller, in Inode from, InodeId to)
    {
        if (from.Xattrs == 0)
            return 0;
        List<byte[]> names = [];
        tree.Store.ReadXattrNames(from.Ino, names);
        if (caller.Uid != 0)
            names.RemoveAll(name => !name.AsSpan().StartsWith("user."u8));
        foreach (byte[] name in names)
            tree.Store.WriteXattr(to, name, tree.Store.ReadXattr(from.Ino, name)!);
        return (uint)names.Count;
    }

    private void Fill(Caller caller, DirectoryState directory, FileKind kind, uint mode, ref Entry entry, InodeId reserved = default)
    {
        entry.Kind = DentryKind.Embedded;
        entry.Inode = new Inode
        {
            Ino = reserved.IsNone ? tree.NewIno() : reserved,
            Mode = InodeAttributes.ModeOf(kind, mode),
            Uid = caller.Uid,
            Gid = (directory.Record.Mode & SetGid) != 0 ? directory.Record.Gid : caller.Gid,
            Nlink = 1,
            MtimeNs = tree.NowNs,
            CtimeNs = tree.NowNs,
            AtimeNs = tree.NowNs,
        };
    }
}
