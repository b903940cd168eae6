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
        UnlinkOperation first = (UnlinkOperation)run.Operations[start];
        if (first.Name.IsEmpty || tree.GetDirectory(first.Dir, out DirectoryState directory) != FsErrno.Ok || directory.Rights.MayChangeEntries(run.Caller) != FsErrno.Ok)
            return default;
        bool sticky = (directory.Record.Mode & Sticky) != 0;
        int end = start;
        _withMore.Clear();
        tree.Store.VisitDentries(directory.Ino, first.Name.Span, (ReadOnlySpan<byte> name, in Dentry dentry) =>
        {
            UnlinkOperation unlink = (UnlinkOperation)run.Operations[end];
            if (dentry.Kind != DentryKind.Embedded || !unlink.Name.Span.SequenceEqual(name) || (!unlink.Ino.IsNone && unlink.Ino != dentry.Inode.Ino))
                return false;
            if (sticky && directory.Rights.MayChangeEntries(run.Caller, dentry.Inode.ToAttributes()) != FsErrno.Ok)
                return false;
            if (dentry.Inode.Size != 0 || dentry.Inode.Blob != 0 || dentry.Inode.Xattrs != 0)
                _withMore.Add(dentry.Inode);
            return ++end < run.Count;
        });
        if (end == start)
            return default;
        DirectoryVersion from = directory.Version;
        tree.RemoveEntries(directory, run, start, end);
        foreach (Inode inode in _withMore)
        {
            Entry entry = new() { Kind = DentryKind.Embedded, Inode = inode };
            tree.ReleaseInode(ref entry);
        }
        return new RunOutcome(end - start, directory.Ino, from, null);
    }

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
