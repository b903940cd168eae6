using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// Replacing a file's content. Order: (1) <see cref="Stage"/> reserves a version; (2) the bytes are written, fsynced and filed
/// under it; (3) <see cref="Commit"/> lets the inode show them; (4) <see cref="Release"/>, in any case. A crash between 2 and 3
/// leaves a file that no inode shows, which check finds. Whoever knows that 3 did not happen deletes the file before 4, and
/// whoever does not know leaves it.
/// </summary>
internal sealed class ContentRules(Tree tree, Resolver resolver)
{
    private readonly Dictionary<ulong, (long Highest, int Open)> _reserved = [];

    public FsErrno Open(Caller caller, in InodeAddress address, out InodeAttributes? attributes, out ContentExtent extent)
    {
        attributes = null;
        extent = default;
        Target target = default;
        FsErrno errno = Find(caller, address, Access.Read, ref target);
        if (errno != FsErrno.Ok)
            return errno;
        ref Inode inode = ref target.Entry.Inode;
        attributes = inode.ToAttributes();
        extent = new ContentExtent(inode.Ino, inode.Blob, inode.Stored, inode.Size);
        return FsErrno.Ok;
    }

    public FsErrno Stage(Caller caller, in InodeAddress address, long? ifContent, out ContentTicket ticket)
    {
        ticket = default;
        Target target = default;
        FsErrno errno = Find(caller, address, Access.Write, ref target);
        if (errno != FsErrno.Ok)
            return errno;
        ref Inode inode = ref target.Entry.Inode;
        if (ifContent is { } expected && expected != inode.Content)
            return FsErrno.Stale;
        (long highest, int open) = _reserved.GetValueOrDefault(inode.Ino.Value);
        highest = Math.Max(highest, inode.Content) + 1;
        _reserved[inode.Ino.Value] = (highest, open + 1);
        ticket = new ContentTicket(inode.Ino, highest);
        return FsErrno.Ok;
    }

    public OperationOutcome Commit(Caller caller, in InodeAddress address, ContentTicket ticket, long size, long? mtimeNs, long? ifContent)
    {
        if (size is < 0 or > AttributeRules.MaxSize)
            return size < 0 ? FsErrno.Invalid : FsErrno.FileTooLarge;
        Target target = default;
        FsErrno errno = Find(caller, address, Access.Write, ref target);
        if (errno != FsErrno.Ok)
            return errno;
        ref Inode inode = ref target.Entry.Inode;
        if (inode.Ino != ticket.Ino || (ifContent is { } expected && expected != inode.Content))
            return FsErrno.Stale;

        tree.PurgeBlob(in inode);
        tree.Totals.Bytes += size - inode.Size;
        // A truncation, or a writer that staged later, may have come first; the version still grows.
        inode.Content = Math.Max(inode.Content + 1, ticket.Version);
        inode.Blob = ticket.Version;
        if (size == 0)
        {
            // An empty content needs no file; if one was filed it goes.
            tree.PurgeBlob(in inode);
            inode.Blob = 0;
        }
        inode.Stored = size;
        inode.Size = size;
        inode.MtimeNs = mtimeNs ?? tree.NowNs;
        inode.CtimeNs = tree.NowNs;
        tree.WriteInode(ref target);
        return tree.Done(inode.ToAttributes());
    }

    public void Release(ContentTicket ticket)
    {
        (long highest, int open) = _reserved.GetValueOrDefault(ticket.Ino.Value);
        if (open > 1)
            _reserved[ticket.Ino.Value] = (highest, open - 1);
        else
            _reserved.Remove(ticket.Ino.Value);
    }

    private FsErrno Find(Caller caller, in InodeAddress address, Access wanted, ref Target target)
    {
        FsErrno errno = resolver.Resolve(caller, address, ref target);
        if (errno != FsErrno.Ok)
            return errno;
        if (target.Entry.IsDirectory)
            return FsErrno.IsDirectory;
        if (target.Entry.Inode.Kind != FileKind.File)
            return FsErrno.Invalid;
        return target.Entry.ToAttributes().Allows(caller, wanted) ? FsErrno.Ok : FsErrno.AccessDenied;
    }
}
