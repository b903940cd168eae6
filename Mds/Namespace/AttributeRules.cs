using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>chmod, chown, utimes and truncate.</summary>
internal sealed class AttributeRules(Tree tree, Resolver resolver)
{
    /// <summary>4 EiB would overflow the totals; nobody has a disk of 4 PiB behind this.</summary>
    public const long MaxSize = 1L << 52;

    public OperationOutcome SetAttr(Caller caller, SetAttrOperation operation)
    {
        Target target = default;
        FsErrno errno = resolver.Resolve(caller, operation.Target, ref target);
        if (errno != FsErrno.Ok)
            return errno;
        InodeAttributes current = target.Entry.ToAttributes();
        errno = MayChange(caller, current, operation);
        if (errno != FsErrno.Ok)
            return errno;
        if (operation is { Mode: null, Uid: null, Gid: null, Size: null, MtimeNs: null, AtimeNs: null })
            return tree.Done(current);

        if (target.Entry.Directory is { Record: var record })
        {
            record.Mode = NewMode(record.Mode, operation.Mode);
            record.Uid = operation.Uid ?? record.Uid;
            record.Gid = operation.Gid ?? record.Gid;
            record.MtimeNs = operation.MtimeNs ?? record.MtimeNs;
            record.AtimeNs = operation.AtimeNs ?? record.AtimeNs;
            record.CtimeNs = tree.NowNs;
        }
        else
        {
            ref Inode inode = ref target.Entry.Inode;
            inode.Mode = NewMode(inode.Mode, operation.Mode);
            inode.Uid = operation.Uid ?? inode.Uid;
            inode.Gid = operation.Gid ?? inode.Gid;
            if (operation.Size is { } size)
                Truncate(ref inode, size);
            inode.MtimeNs = operation.MtimeNs ?? inode.MtimeNs;
            inode.AtimeNs = operation.AtimeNs ?? inode.AtimeNs;
            inode.CtimeNs = tree.NowNs;
        }
        tree.WriteInode(ref target);
        return tree.Done(target.Entry.ToAttributes());
    }

    private static FsErrno MayChange(Caller caller, InodeAttributes inode, SetAttrOperation operation)
    {
        bool root = caller.Uid == 0;
        bool owner = root || caller.Uid == inode.Uid;
        if (!owner && (operation.Mode is not null || operation.MtimeNs is not null || operation.AtimeNs is not null))
            return FsErrno.NotPermitted;
        if (operation.Mode is not null && inode.Kind == FileKind.Symlink)
            return FsErrno.NotSupported;
        // Only root gives files away; an owner may choose among its own groups.
        if (operation.Uid is { } uid && !root && (!owner || uid != inode.Uid))
            return FsErrno.NotPermitted;
        if (operation.Gid is { } gid && !root && (!owner || (gid != inode.Gid && !caller.IsInGroup(gid))))
            return FsErrno.NotPermitted;
        if (operation.Size is not { } size)
            return FsErrno.Ok;
        if (inode.IsDirectory)
            return FsErrno.IsDirectory;
        if (inode.Kind != FileKind.File || size < 0)
            return FsErrno.Invalid;
        if (size > MaxSize)
            return FsErrno.FileTooLarge;
        return inode.Allows(caller, Access.Write) ? FsErrno.Ok : FsErrno.AccessDenied;
    }

    private static uint NewMode(uint mode, uint? permissions) =>
        permissions is { } bits ? (mode & InodeAttributes.TypeMask) | (bits & InodeAttributes.PermissionMask) : mode;

    /// <summary>
    /// No byte is touched: a shorter file keeps its blob and counts fewer bytes of it, for good; what is beyond them reads as
    /// zeros however long the file grows again. The content version changes, because what a reader sees does.
    /// </summary>
    private void Truncate(ref Inode inode, long size)
    {
        inode.MtimeNs = tree.NowNs;
        if (size == inode.Size)
            return;
        tree.Totals.Bytes += size - inode.Size;
        inode.Size = size;
        inode.Stored = Math.Min(inode.Stored, size);
        inode.Content++;
        if (inode.Stored == 0 && inode.Blob != 0)
        {
            tree.PurgeBlob(in inode);
            inode.Blob = 0;
        }
    }
}
