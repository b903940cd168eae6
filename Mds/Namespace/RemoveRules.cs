using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>unlink and rmdir.</summary>
internal sealed class RemoveRules(Tree tree)
{
    private const uint Sticky = 0x200;

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
