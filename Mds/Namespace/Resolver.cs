using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>From an address to what is there.</summary>
internal sealed class Resolver(Tree tree)
{
    /// <summary>
    /// By place: search permission on the directory, then the entry, which must be the inode expected (none: any). By number: a
    /// directory or a linked inode; how the caller came by the number is its own affair, so no path is checked.
    /// </summary>
    public FsErrno Resolve(Caller caller, in InodeAddress address, ref Target target)
    {
        if (address.Dir.IsNone)
            return ByNumber(address.Ino, ref target);
        if (tree.GetDirectory(address.Dir, out DirectoryState directory) is var errno and not FsErrno.Ok)
            return errno;
        if (!directory.Rights.Allows(caller, Access.Execute))
            return FsErrno.AccessDenied;
        return At(directory, address.Name, address.Ino, ref target);
    }

    public FsErrno At(DirectoryState directory, FileName name, InodeId expected, ref Target target)
    {
        if (name.IsEmpty)
            return FsErrno.Invalid;
        if (!tree.TryGetEntry(directory, name, ref target.Entry))
            return FsErrno.NoEntry;
        if (!expected.IsNone && target.Entry.Ino != expected)
            return FsErrno.Stale;
        target.Parent = directory;
        target.Name = name;
        return FsErrno.Ok;
    }

    private FsErrno ByNumber(InodeId ino, ref Target target)
    {
        target.Parent = null;
        target.Name = default;
        target.Entry.Inode.Ino = ino;
        if (ino == InodeId.Trash)
            return FsErrno.Stale;
        if (tree.FindDirectory(ino) is { } directory)
        {
            target.Entry.Kind = DentryKind.Directory;
            target.Entry.Directory = directory;
            if (!directory.IsRoot)
            {
                target.Parent = tree.FindDirectory(directory.Record.Parent) ?? throw Tree.Broken(directory.Record.Parent, "directory");
                target.Name = directory.Record.Name;
            }
            return FsErrno.Ok;
        }
        target.Entry.Kind = DentryKind.Linked;
        target.Entry.Directory = null;
        return tree.Store.TryGetLinked(ino, ref target.Entry.Inode) ? FsErrno.Ok : FsErrno.Stale;
    }
}
