using Capstan.Shared;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>The point reads over one connection; the store's writer and each snapshot have one.</summary>
internal sealed class SqliteReader(SqliteDatabase database) : INamespaceReader
{
    private const string DirectoryColumns =
        "ino, parent, name, mode, uid, gid, mtime, ctime, atime, xattrs, entries, subdirectories, links, version";

    private readonly SqliteStatement _dentry = database.Prepare("SELECT inode FROM dentries WHERE dir=? AND name=?");
    private readonly SqliteStatement _dentries = database.Prepare("SELECT name, inode FROM dentries WHERE dir=? AND name>=? ORDER BY name");
    private readonly SqliteStatement _directory = database.Prepare($"SELECT {DirectoryColumns} FROM directories WHERE ino=?");
    private readonly SqliteStatement _linked = database.Prepare("SELECT inode FROM linked WHERE ino=?");
    private readonly SqliteStatement _places = database.Prepare("SELECT dir, name FROM places WHERE ino=?");
    private readonly SqliteStatement _xattr = database.Prepare("SELECT value FROM xattrs WHERE ino=? AND name=?");
    private readonly SqliteStatement _xattrNames = database.Prepare("SELECT name FROM xattrs WHERE ino=?");
    private readonly SqliteStatement _count = database.Prepare("SELECT count(*) FROM dentries WHERE dir=? AND name>=? AND name<=?");
    private readonly SqliteStatement _nameAt = database.Prepare("SELECT name FROM dentries WHERE dir=? AND name>=? ORDER BY name LIMIT 1 OFFSET ?");
    private readonly SqliteStatement _counter = database.Prepare("SELECT value FROM meta WHERE key=?");

    public bool TryGetDentry(InodeId dir, ReadOnlySpan<byte> name, ref Dentry dentry)
    {
        bool found = _dentry.Bind(1, (long)dir.Value).Bind(2, name).Step();
        if (found)
            InodeCodec.ReadDentry(_dentry.Blob(0), ref dentry, withTarget: true);
        _dentry.Reset();
        return found;
    }

    public void VisitDentries(InodeId dir, ReadOnlySpan<byte> from, DentryVisitor visit)
    {
        Dentry dentry = default;
        _dentries.Bind(1, (long)dir.Value).Bind(2, from);
        try
        {
            while (_dentries.Step())
            {
                InodeCodec.ReadDentry(_dentries.Blob(1), ref dentry, withTarget: false);
                if (!visit(_dentries.Blob(0), in dentry))
                    return;
            }
        }
        finally
        {
            _dentries.Reset();
        }
    }

    public DirectoryRecord? ReadDirectory(InodeId ino)
    {
        DirectoryRecord? directory = _directory.Bind(1, (long)ino.Value).Step() ? ReadDirectoryRow(_directory) : null;
        _directory.Reset();
        return directory;
    }

    public bool TryGetLinked(InodeId ino, ref Inode inode)
    {
        bool found = _linked.Bind(1, (long)ino.Value).Step();
        if (found)
            InodeCodec.ReadLinked(_linked.Blob(0), ref inode, withTarget: true);
        _linked.Reset();
        return found;
    }

    public void ReadPlaces(InodeId ino, List<Place> places)
    {
        _places.Bind(1, (long)ino.Value);
        while (_places.Step())
            places.Add(new Place(new InodeId((ulong)_places.Int64(0)), FileName.FromTrusted(_places.Blob(1).ToArray())));
        _places.Reset();
    }

    public byte[]? ReadXattr(InodeId ino, ReadOnlySpan<byte> name)
    {
        byte[]? value = _xattr.Bind(1, (long)ino.Value).Bind(2, name).Step() ? _xattr.Blob(0).ToArray() : null;
        _xattr.Reset();
        return value;
    }

    public void ReadXattrNames(InodeId ino, List<byte[]> names)
    {
        _xattrNames.Bind(1, (long)ino.Value);
        while (_xattrNames.Step())
            names.Add(_xattrNames.Blob(0).ToArray());
        _xattrNames.Reset();
    }

    public long CountNames(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through)
    {
        _count.Bind(1, (long)dir.Value).Bind(2, from).Bind(3, through).Step();
        long count = _count.Int64(0);
        _count.Reset();
        return count;
    }

    public bool TryGetNameAt(InodeId dir, ReadOnlySpan<byte> from, long skip, out FileName name)
    {
        bool found = _nameAt.Bind(1, (long)dir.Value).Bind(2, from).Bind(3, skip).Step();
        name = found ? FileName.FromTrusted(_nameAt.Blob(0).ToArray()) : default;
        _nameAt.Reset();
        return found;
    }

    public long ReadCounter(StoreCounter counter)
    {
        long value = _counter.Bind(1, (long)counter).Step() ? _counter.Int64(0) : 0;
        _counter.Reset();
        return value;
    }

    public static DirectoryRecord ReadDirectoryRow(SqliteStatement row) => new()
    {
        Ino = new InodeId((ulong)row.Int64(0)),
        Parent = new InodeId((ulong)row.Int64(1)),
        Name = FileName.FromTrusted(row.Blob(2).ToArray()),
        Mode = (uint)row.Int64(3),
        Uid = (uint)row.Int64(4),
        Gid = (uint)row.Int64(5),
        MtimeNs = row.Int64(6),
        CtimeNs = row.Int64(7),
        AtimeNs = row.Int64(8),
        Xattrs = (uint)row.Int64(9),
        Entries = row.Int64(10),
        Subdirectories = row.Int64(11),
        Links = row.Int64(12),
        Version = row.Int64(13),
    };
}
