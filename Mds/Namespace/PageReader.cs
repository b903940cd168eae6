using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.Mds.Namespace;

/// <summary>
/// Pages of one directory, all of one version, from a snapshot; on any one thread at a time, beside the writer. Dispose it
/// soon: the snapshot holds the log back.
/// </summary>
internal sealed class PageReader : IDisposable
{
    private readonly INamespaceSnapshot _snapshot;
    private readonly DirectoryPageBuilder _builder = new();
    private readonly InodeId _dir;
    private readonly Epoch _epoch;
    private readonly RankIndexBuild? _build;
    private Func<INamespaceSnapshot, long>? _seek;
    private long _rank;
    private bool _more;
    private bool _ended;
    private Dentry _dentry;

    /// <param name="snapshot">Shows <paramref name="directory"/> as it is.</param>
    /// <param name="build">What <paramref name="seek"/> was asked to make, if anything.</param>
    /// <param name="seek">Puts the snapshot's cursor before the first entry and tells its rank; run by the first read.</param>
    public PageReader(INamespaceSnapshot snapshot, DirectoryRecord directory, Epoch epoch, Func<INamespaceSnapshot, long> seek, RankIndexBuild? build)
    {
        _snapshot = snapshot;
        _dir = directory.Ino;
        _epoch = epoch;
        _seek = seek;
        _build = build;
        Version = new DirectoryVersion(directory.Version);
        Total = directory.Entries;
        Attributes = directory.ToAttributes();
    }

    public DirectoryVersion Version { get; }

    /// <summary>Entries in the directory at <see cref="Version"/>.</summary>
    public long Total { get; }

    /// <summary>The directory's own attributes at <see cref="Version"/>.</summary>
    public InodeAttributes Attributes { get; }

    /// <summary>The next page; false after the one that says it is the last. An empty directory, or a start behind its end, has one empty page.</summary>
    public bool TryReadNext(out byte[] page)
    {
        page = [];
        if (_ended)
            return false;
        if (_seek is { } seek)
        {
            _seek = null;
            _rank = seek(_snapshot);
            _more = _snapshot.MoveNext();
        }
        while (_more && _builder.TryAdd(_snapshot.CurrentName, ReadRow()))
            _more = _snapshot.MoveNext();
        int count = _builder.Count;
        _ended = !_more;
        page = _builder.Build(new PageHeader(_epoch, _dir, Version, _rank, Total, _ended));
        _rank += count;
        return true;
    }

    private PageRow ReadRow()
    {
        _snapshot.ReadCurrent(ref _dentry);
        if (_dentry.Kind == DentryKind.Directory)
        {
            DirectoryRecord child = _snapshot.ReadDirectory(_dentry.Inode.Ino) ?? throw Tree.Broken(_dentry.Inode.Ino, "directory");
            return new PageRow(child.Ino, child.Mode, child.Uid, child.Gid, (uint)(2 + child.Subdirectories), child.Entries, child.MtimeNs, child.Xattrs, 0);
        }
        if (_dentry.Kind == DentryKind.Linked && !_snapshot.TryGetLinked(_dentry.Inode.Ino, ref _dentry.Inode))
            throw Tree.Broken(_dentry.Inode.Ino, "linked inode");
        ref Inode inode = ref _dentry.Inode;
        return new PageRow(inode.Ino, inode.Mode, inode.Uid, inode.Gid, inode.Nlink, inode.Size, inode.MtimeNs, inode.Xattrs, inode.Content);
    }

    public void Dispose()
    {
        _build?.Abandon();
        _snapshot.Dispose();
    }
}
