using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>Extended attributes. Their count lives in the inode, so that "none" needs no look.</summary>
internal sealed class XattrRules(Tree tree, Resolver resolver)
{
    public const int MaxNameLength = 255;
    public const int MaxValueLength = 64 * 1024;
    public const uint MaxCount = 1024;

    public OperationOutcome Get(Caller caller, GetXattrOperation operation)
    {
        Target target = default;
        FsErrno errno = Find(caller, operation.Target, operation.Name, ref target, out InodeAttributes inode);
        if (errno != FsErrno.Ok)
            return errno;
        errno = MayRead(caller, inode, operation.Name);
        if (errno != FsErrno.Ok)
            return errno;
        return inode.Xattrs != 0 && tree.Store.ReadXattr(inode.Ino, operation.Name) is { } value
            ? new OperationOutcome(FsErrno.Ok) { Attributes = [inode], Data = value }
            : FsErrno.NoData;
    }

    public OperationOutcome List(Caller caller, ListXattrOperation operation)
    {
        Target target = default;
        FsErrno errno = resolver.Resolve(caller, operation.Target, ref target);
        if (errno != FsErrno.Ok)
            return errno;
        InodeAttributes inode = target.Entry.ToAttributes();
        List<byte[]> names = [];
        if (inode.Xattrs != 0)
            tree.Store.ReadXattrNames(inode.Ino, names);
        if (caller.Uid != 0)
            names.RemoveAll(name => IsTrusted(name));
        return new OperationOutcome(FsErrno.Ok) { Attributes = [inode], Names = names };
    }

    public OperationOutcome Set(Caller caller, SetXattrOperation operation)
    {
        Target target = default;
        FsErrno errno = Find(caller, operation.Target, operation.Name, ref target, out InodeAttributes inode);
        if (errno != FsErrno.Ok)
            return errno;
        if (operation.Value.Length > MaxValueLength)
            return FsErrno.Range;
        errno = MayWrite(caller, inode, operation.Name);
        if (errno != FsErrno.Ok)
            return errno;
        bool exists = inode.Xattrs != 0 && tree.Store.ReadXattr(inode.Ino, operation.Name) is not null;
        if (exists && operation.Mode == XattrMode.Create)
            return FsErrno.Exists;
        if (!exists && operation.Mode == XattrMode.Replace)
            return FsErrno.NoData;
        if (!exists && inode.Xattrs >= MaxCount)
            return FsErrno.NoSpace;
        tree.Store.WriteXattr(inode.Ino, operation.Name, operation.Value);
        return Written(ref target, exists ? 0 : 1);
    }

    public OperationOutcome Remove(Caller caller, RemoveXattrOperation operation)
    {
        Target target = default;
        FsErrno errno = Find(caller, operation.Target, operation.Name, ref target, out InodeAttributes inode);
        if (errno != FsErrno.Ok)
            return errno;
        errno = MayWrite(caller, inode, operation.Name);
        if (errno != FsErrno.Ok)
            return errno;
        if (inode.Xattrs == 0 || tree.Store.ReadXattr(inode.Ino, operation.Name) is null)
            return FsErrno.NoData;
        tree.Store.DeleteXattr(inode.Ino, operation.Name);
        return Written(ref target, -1);
    }

    private OperationOutcome Written(ref Target target, int added)
    {
        if (target.Entry.Directory is { Record: var record })
        {
            record.Xattrs = (uint)(record.Xattrs + added);
            record.CtimeNs = tree.NowNs;
        }
        else
        {
            target.Entry.Inode.Xattrs = (uint)(target.Entry.Inode.Xattrs + added);
            target.Entry.Inode.CtimeNs = tree.NowNs;
        }
        tree.WriteInode(ref target);
        return tree.Done(target.Entry.ToAttributes());
    }

    private FsErrno Find(Caller caller, in InodeAddress address, byte[] name, ref Target target, out InodeAttributes inode)
    {
        inode = null!;
        if (name.Length is 0 or > MaxNameLength)
            return FsErrno.Range;
        if (name.Contains((byte)0))
            return FsErrno.Invalid;
        FsErrno errno = resolver.Resolve(caller, address, ref target);
        if (errno == FsErrno.Ok)
            inode = target.Entry.ToAttributes();
        return errno;
    }

    // The namespaces of xattr(7): "trusted." is root's alone, "security." and "system." are read by all and written by the
    // owner, and everything else is like "user.": as the content is.
    private static FsErrno MayRead(Caller caller, InodeAttributes inode, byte[] name)
    {
        if (IsTrusted(name))
            return caller.Uid == 0 ? FsErrno.Ok : FsErrno.NoData;
        return IsSystem(name) || inode.Allows(caller, Access.Read) ? FsErrno.Ok : FsErrno.AccessDenied;
    }

    private static FsErrno MayWrite(Caller caller, InodeAttributes inode, byte[] name)
    {
        if (caller.Uid == 0)
            return FsErrno.Ok;
        if (IsTrusted(name))
            return FsErrno.NotPermitted;
        if (IsSystem(name))
            return caller.Uid == inode.Uid ? FsErrno.Ok : FsErrno.NotPermitted;
        // Everybody may write what a symlink's mode bits say, so they decide nothing.
        if (inode.Kind == FileKind.Symlink)
            return FsErrno.NotPermitted;
        return inode.Allows(caller, Access.Write) ? FsErrno.Ok : FsErrno.AccessDenied;
    }

    private static bool IsTrusted(ReadOnlySpan<byte> name) => name.StartsWith("trusted."u8);

    private static bool IsSystem(ReadOnlySpan<byte> name) => name.StartsWith("security."u8) || name.StartsWith("system."u8);
}
