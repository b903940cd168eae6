using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>rename(2). Everything is checked before the first write.</summary>
internal sealed class RenameRules(Tree tree, Resolver resolver)
{
    public OperationOutcome Rename(Caller caller, RenameOperation operation)
    {
        Target source = default;
        FsErrno errno = resolver.Resolve(caller, operation.Source, ref source);
        if (errno != FsErrno.Ok)
            return errno;
        // The root has no name to change, and a linked inode's number does not say which of its names is meant.
        if (source.Parent is not { } from || operation.Name.IsEmpty)
            return FsErrno.Invalid;
        errno = tree.GetDirectory(operation.Dir, out DirectoryState to);
        if (errno != FsErrno.Ok)
            return errno;
        if (tree.IsInTrash(from) || tree.IsInTrash(to))
            return FsErrno.Stale; // What is in the trash leaves it when it is restored: what is being purged must not leave it in part.
        errno = from.Rights.MayChangeEntries(caller, source.Entry.ToAttributes());
        if (errno != FsErrno.Ok)
            return errno;
        if (!to.Rights.Allows(caller, Access.Execute))
            return FsErrno.AccessDenied;

        Entry existing = default;
        bool exists = tree.TryGetEntry(to, operation.Name, ref existing);
        if (exists && operation.NoReplace)
            return FsErrno.Exists;
        errno = to.Rights.MayChangeEntries(caller, exists ? existing.ToAttributes() : null);
        if (errno != FsErrno.Ok)
            return errno;
        // Moving a directory rewrites its "..": that needs the right to write it.
        if (source.Entry.Directory is { } moved && from != to)
        {
            if (!moved.Rights.Allows(caller, Access.Write))
                return FsErrno.AccessDenied;
            if (IsAtOrUnder(to, moved))
                return FsErrno.Invalid;
        }
        if (exists)
        {
            // Two names of one inode: POSIX does nothing and calls it a success.
            if (existing.Ino == source.Entry.Ino)
                return tree.Done(existing.ToAttributes());
            errno = MayReplace(in source.Entry, in existing);
            if (errno != FsErrno.Ok)
                return errno;
        }

        Move(ref source, from, to, operation.Name, exists, ref existing);
        return tree.Done(source.Entry.ToAttributes());
    }

    private static FsErrno MayReplace(in Entry source, in Entry existing)
    {
        if (source.IsDirectory && !existing.IsDirectory)
            return FsErrno.NotDirectory;
        if (!source.IsDirectory && existing.IsDirectory)
            return FsErrno.IsDirectory;
        return existing.Directory is { Record.Entries: > 0 } ? FsErrno.NotEmpty : FsErrno.Ok;
    }

    private bool IsAtOrUnder(DirectoryState place, DirectoryState ancestor)
    {
        while (place != ancestor)
        {
            if (place.IsRoot || place.IsTrash)
                return false;
            place = tree.FindDirectory(place.Record.Parent) ?? throw Tree.Broken(place.Record.Parent, "directory");
        }
        return true;
    }

    private void Move(ref Target source, DirectoryState from, DirectoryState to, FileName name, bool exists, ref Entry existing)
    {
        tree.RemoveEntry(from, source.Name, ref source.Entry);
        // Only an inode that lies in the row itself gets a new change time: for the others it would be one more listed change.
        if (source.Entry.Kind == DentryKind.Embedded)
            source.Entry.Inode.CtimeNs = tree.NowNs;
        if (source.Entry.Directory is { } moved)
        {
            moved.Record.Parent = to.Ino;
            moved.Record.Name = name;
            tree.MarkDirty(moved);
        }
        if (exists)
        {
            tree.ReplaceEntry(to, name, ref existing, ref source.Entry);
            tree.ReleaseInode(ref existing);
        }
        else
        {
            tree.AddEntry(to, name, ref source.Entry);
        }
    }
}
