namespace Capstan.Shared;

/// <summary>The rights a caller may ask for; the values are those of the permission bits of one class.</summary>
[Flags]
public enum Access
{
    None = 0,
    Execute = 1,
    Write = 2,
    Read = 4,
}

/// <summary>POSIX.1 file access permissions and the sticky bit. The MDS enforces them; the gateway asks them under As to spare a round trip.</summary>
public static class PosixPermissions
{
    private const uint Sticky = 0x200;

    public static bool Allows(this InodeAttributes inode, Caller caller, Access wanted)
    {
        if (caller.Uid == 0)
            return !wanted.HasFlag(Access.Execute) || inode.IsDirectory || (inode.Mode & 0x49) != 0;
        int shift = caller.Uid == inode.Uid ? 6 : caller.IsInGroup(inode.Gid) ? 3 : 0;
        return ((Access)(inode.Mode >> shift) & wanted) == wanted;
    }

    /// <summary>Whoever owns the entry.</summary>
    public static bool MayRemoveAnyEntry(this InodeAttributes directory, Caller caller) =>
        directory.Allows(caller, Access.Write | Access.Execute) && ((directory.Mode & Sticky) == 0 || caller.Uid == 0 || caller.Uid == directory.Uid);

    /// <summary>Whether <paramref name="caller"/> may add to or remove from <paramref name="directory"/>; for a removal <paramref name="victim"/> is checked against the sticky bit.</summary>
    public static FsErrno MayChangeEntries(this InodeAttributes directory, Caller caller, InodeAttributes? victim = null)
    {
        if (directory.MayRemoveAnyEntry(caller))
            return FsErrno.Ok;
        if (!directory.Allows(caller, Access.Write | Access.Execute))
            return FsErrno.AccessDenied;
        return victim is not null && victim.Uid != caller.Uid ? FsErrno.NotPermitted : FsErrno.Ok;
    }
}
