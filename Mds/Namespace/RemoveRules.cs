using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>unlink and rmdir.</summary>
internal sealed class RemoveRules(Tree tree)
{
    private const uint Sticky = 0x200;

    /// <summary>Victims of a run that leave more behind than their row.</summary>
    private readonly List<Inode> _withMore = [];

    public OperationOutcome Unlink(Caller caller, UnlinkOperation operation)
    {
        Entry entry = default;
        FsErrno errno = FindVictim(caller, operation.Dir, operation.Name, operation.Ino, out DirectoryState directory, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        if (entry.IsDirectory)
            return FsErrno.IsDirectory;
        tree.RemoveEntry(directory, operation.Name, ref entry);
        tree.ReleaseInode(ref entry);
        return tree.Done();
    }

    /// <summary>
    /// The longest part of the run whose names are adjacent rows of the directory, each an inode of its own that the caller may
    /// unlink: read in one scan, deleted as one range.
    /// </summary>
    public RunOutcome UnlinkRun(RequestRun run, int start)
    {
        int count = FindRun(run, start, withMoreOnly: true, _withMore, out DirectoryState directory);
        if (count == 0)
            return default;
        DirectoryVersion from = directory.Version;
        tree.RemoveEntries(directory, run, start, start + count);
        foreach (Inode inode in _withMore)
        {
            Entry entry = new() { Kind = DentryKind.Embedded, Inode = inode };
            tree.ReleaseInode(ref entry);
        }
        return new RunOutcome(count, directory.Ino, from, null);
    }

    /// <summary>The longest part of a run of removals, from <paramref name="start"/> on, that is adjacent rows, each an inode of its own that the caller may remove.</summary>
    /// <param name="victims">Its inodes, or only those that leave more behind than their row.</param>
    public int FindRun(RequestRun run, int start, bool withMoreOnly, List<Inode> victims, out DirectoryState directory)
    {
        (InodeId dir, FileName first, _) = Removal(run.Operations[start]);
        victims.Clear();
        if (tree.GetDirectory(dir, out directory) != FsErrno.Ok || first.IsEmpty || directory.Rights.MayChangeEntries(run.Caller) != FsErrno.Ok)
            return 0;
        InodeAttributes rights = directory.Rights;
        bool sticky = (directory.Record.Mode & Sticky) != 0;
        int end = start;
        tree.Store.VisitDentries(dir, first.Span, (ReadOnlySpan<byte> name, in Dentry dentry) =>
        {
            (_, FileName expected, InodeId ino) = Removal(run.Operations[end]);
            if (dentry.Kind != DentryKind.Embedded || !expected.Span.SequenceEqual(name) || (!ino.IsNone && ino != dentry.Inode.Ino))
                return false;
            if (sticky && rights.MayChangeEntries(run.Caller, dentry.Inode.ToAttributes()) != FsErrno.Ok)
                return false;
            if (!withMoreOnly || dentry.Inode.Size != 0 || dentry.Inode.Blob != 0 || dentry.Inode.Xattrs != 0)
                victims.Add(dentry.Inode);
            return ++end < run.Count;
        });
        return end - start;
    }

    private static (InodeId Dir, FileName Name, InodeId Ino) Removal(FsOperation operation) => operation switch
    {
        UnlinkOperation o => (o.Dir, o.Name, o.Ino),
        TrashOperation o => (o.Dir, o.Name, o.Ino),
        _ => throw new ArgumentException($"{operation.GetType().Name} removes no name.", nameof(operation)),
    };

    public OperationOutcome Rmdir(Caller caller, RmdirOperation operation)
    {
        Entry entry = default;
        FsErrno errno = FindVictim(caller, operation.Dir, operation.Name, operation.Ino, out DirectoryState directory, ref entry);
        if (errno != FsErrno.Ok)
            return errno;
        if (entry.Directory is not { } victim)
            return FsErrno.NotDirectory;
        if (victim.Record.Entries != 0)
            return FsErrno.NotEmpty;
        tree.RemoveEntry(directory, operation.Name, ref entry);
        tree.ReleaseInode(ref entry);
        return tree.Done();
    }

    public FsErrno FindVictim(Caller caller, InodeId dir, FileName name, InodeId expected, out DirectoryState directory, ref Entry entry)
    {
        FsErrno errno = tree.GetDirectory(dir, out directory);
        if (errno != FsErrno.Ok)
            return errno;
        if (!directory.Rights.Allows(caller, Access.Execute))
            return FsErrno.AccessDenied;
        if (name.IsEmpty)
            return FsErrno.Invalid;
        if (!tree.TryGetEntry(directory, name, ref entry))
            return FsErrno.NoEntry;
        if (!expected.IsNone && entry.Ino != expected)
            return FsErrno.Stale;
        // Only under a sticky directory does it matter whose the victim is.
        bool sticky = (directory.Record.Mode & Sticky) != 0;
        return directory.Rights.MayChangeEntries(caller, sticky ? entry.ToAttributes() : null);
    }
}
