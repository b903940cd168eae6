using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>Operations that only read.</summary>
internal sealed class LookupRules(Tree tree, Resolver resolver, Func<(long FreeBytes, long TotalBytes)> space)
{
    /// <summary>Follows no symlink: whoever walks decides what a link means. What was found before an error is told with it.</summary>
    public OperationOutcome Lookup(Caller caller, LookupOperation operation)
    {
        List<InodeAttributes> found = new(operation.Names.Count);
        FsErrno errno = tree.GetDirectory(operation.Dir, out DirectoryState directory);
        Entry entry = default;
        for (int i = 0; i < operation.Names.Count && errno == FsErrno.Ok; i++)
        {
            if (!directory.Rights.Allows(caller, Access.Execute))
                errno = FsErrno.AccessDenied;
            else if (operation.Names[i].IsEmpty)
                errno = FsErrno.Invalid;
            else if (!tree.TryGetEntry(directory, operation.Names[i], ref entry))
                errno = FsErrno.NoEntry;
            else
            {
                found.Add(entry.ToAttributes());
                if (i + 1 < operation.Names.Count && entry.Directory is null)
                    errno = FsErrno.NotDirectory;
                else if (entry.Directory is not null)
                    directory = entry.Directory;
            }
        }
        return new OperationOutcome(errno) { Attributes = found };
    }

    public OperationOutcome GetAttr(Caller caller, GetAttrOperation operation)
    {
        Target target = default;
        FsErrno errno = resolver.Resolve(caller, operation.Target, ref target);
        return errno == FsErrno.Ok ? tree.Done(target.Entry.ToAttributes()) : errno;
    }

    public OperationOutcome Readlink(Caller caller, ReadlinkOperation operation)
    {
        Target target = default;
        FsErrno errno = resolver.Resolve(caller, operation.Target, ref target);
        if (errno != FsErrno.Ok)
            return errno;
        if (target.Entry.IsDirectory || target.Entry.Inode.Target is not { } text)
            return FsErrno.Invalid;
        return new OperationOutcome(FsErrno.Ok) { Attributes = [target.Entry.ToAttributes()], Data = text };
    }

    public OperationOutcome StatFs()
    {
        (long free, long total) = space();
        return new OperationOutcome(FsErrno.Ok)
        {
            Statistics = new FileSystemStatistics(tree.Totals.Entries, tree.Totals.Directories, tree.Totals.Bytes, free, total),
        };
    }
}
