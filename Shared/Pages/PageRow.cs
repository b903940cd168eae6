namespace Capstan.Shared.Pages;

/// <summary>The attributes that a listing carries for each entry. Change and access times are left to getattr.</summary>
public readonly record struct PageRow(
    InodeId Ino, uint Mode, uint Uid, uint Gid, uint Nlink, long Size, long MtimeNs, uint Xattrs, long Content)
{
    public bool IsDirectory => (FileKind)(Mode >> 12) == FileKind.Directory;

    public static PageRow Of(InodeAttributes a) => new(a.Ino, a.Mode, a.Uid, a.Gid, a.Nlink, a.Size, a.MtimeNs, a.Xattrs, a.Content);

    public InodeAttributes ToAttributes() => new()
    {
        Ino = Ino,
        Mode = Mode,
        Uid = Uid,
        Gid = Gid,
        Nlink = Nlink,
        Size = Size,
        MtimeNs = MtimeNs,
        Xattrs = Xattrs,
        Content = Content,
    };
}
