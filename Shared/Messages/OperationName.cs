namespace Capstan.Shared.Messages;

/// <summary>Operations by their names in figures, spans and logs: one word each, and where they are.</summary>
public static class OperationName
{
    public static string Of(FsOperation operation) => operation switch
    {
        LookupOperation => "lookup",
        GetAttrOperation => "getattr",
        SetAttrOperation => "setattr",
        ReaddirOperation => "readdir",
        CreateOperation => "create",
        MkdirOperation => "mkdir",
        SymlinkOperation => "symlink",
        LinkOperation => "link",
        UnlinkOperation => "unlink",
        TrashOperation => "trash",
        RestoreOperation => "restore",
        PurgeOperation or PurgeTrashOperation => "purge",
        ListTrashOperation => "listtrash",
        RmdirOperation => "rmdir",
        RenameOperation => "rename",
        ReadlinkOperation => "readlink",
        GetXattrOperation => "getxattr",
        SetXattrOperation => "setxattr",
        ListXattrOperation => "listxattr",
        RemoveXattrOperation => "removexattr",
        StatFsOperation => "statfs",
        SettleOperation => "settle",
        _ => "other",
    };

    /// <summary>The directory that it is about, or in which its object is, and the name there; none and empty where it has none.</summary>
    public static (InodeId Dir, FileName Name, InodeId Ino) TargetOf(FsOperation operation) => operation switch
    {
        LookupOperation o => (o.Dir, o.Names.Count > 0 ? o.Names[0] : default, default),
        GetAttrOperation o => Of(o.Target),
        SetAttrOperation o => Of(o.Target),
        ReaddirOperation o => (o.Dir, default, o.Dir),
        CreateOperation o => (o.Dir, o.Name, default),
        MkdirOperation o => (o.Dir, o.Name, default),
        SymlinkOperation o => (o.Dir, o.Name, default),
        LinkOperation o => (o.Dir, o.Name, o.Source.Ino),
        UnlinkOperation o => (o.Dir, o.Name, o.Ino),
        TrashOperation o => (o.Dir, o.Name, o.Ino),
        RestoreOperation o => (o.Dir, o.Name, default),
        RmdirOperation o => (o.Dir, o.Name, o.Ino),
        RenameOperation o => Of(o.Source),
        ReadlinkOperation o => Of(o.Target),
        GetXattrOperation o => Of(o.Target),
        SetXattrOperation o => Of(o.Target),
        ListXattrOperation o => Of(o.Target),
        RemoveXattrOperation o => Of(o.Target),
        SettleOperation o => (o.Dir, default, o.Dir),
        _ => default,
    };

    private static (InodeId Dir, FileName Name, InodeId Ino) Of(InodeAddress address) => (address.Dir, address.Name, address.Ino);
}
