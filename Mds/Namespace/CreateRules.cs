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

    /// <summary>The longest part of the run whose names ascend and come before the next one that is there: none of them can be taken.</summary>
    public RunOutcome CreateRun(RequestRun run, int start)
    {
        CreateOperation first = (CreateOperation)run.Operations[start];
        if (first.Name.IsEmpty || tree.GetDirectory(first.Dir, out DirectoryState directory) != FsErrno.Ok || directory.Rights.MayChangeEntries(run.Caller) != FsErrno.Ok)
            return default;
        bool bounded = tree.Store.TryGetNameAt(directory.Ino, first.Name.Span, 0, out FileName next);
        FileName last = default;
        int end = start;
        for (; end < run.Count; end++)
        {
            FileName name = ((CreateOperation)run.Operations[end]).Name;
            if (name.CompareTo(last) <= 0 || (bounded && name.CompareTo(next) >= 0))
                break;
            last = name;
        }
        if (end == start)
            return default;
        Entry entry = default;
        Fill(run.Caller, directory, FileKind.File, first.Mode, ref entry);
        InodeAttributes made = entry.ToAttributes();
        DirectoryVersion from = directory.Version;
        tree.AddEntries(directory, run, start, end, ref entry);
        return new RunOutcome(end - start, directory.Ino, from, made);
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

    private void Fill(Caller caller, DirectoryState directory, FileKind kind, uint mode, ref Entry entry)
    {
        entry.Kind = DentryKind.Embedded;
        entry.Inode = new Inode
        {
            Ino = tree.NewIno(),
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
