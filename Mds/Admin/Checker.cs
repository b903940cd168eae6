using Capstan.Mds.Content;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Admin;

/// <summary>
/// Counts everything that is maintained and follows every reference, on a snapshot: it may run beside a working MDS, apart
/// from the content files, which it then compares with a slightly older tree.
/// </summary>
public sealed class Checker
{
    private readonly INamespaceStore _store;
    private readonly ContentStore? _contents;
    private readonly List<string> _orphanContents = [];
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<ulong, DirectoryRecord> _directories = [];
    private readonly Dictionary<ulong, (long Entries, long Subdirectories, long Links)> _counted = [];
    private readonly HashSet<ulong> _listedDirectories = [];
    private readonly HashSet<(ulong Ino, Place Place)> _linkedPlaces = [];
    private readonly Dictionary<ulong, uint> _links = [];
    private readonly Dictionary<ulong, uint> _xattrs = [];
    private readonly Dictionary<(ulong Ino, long Blob), long> _blobs = [];
    private readonly List<ulong> _inos = [];
    private readonly TrashChecker _trash = new();
    private long _entries;
    private long _linked;
    private long _bytes;
    private long _nextIno;

    public Checker(DataDirectory data)
        : this(data.Store, data.Contents)
    {
    }

    /// <param name="contents">Null: the content files are left out.</param>
    internal Checker(INamespaceStore store, ContentStore? contents)
    {
        _store = store;
        _contents = contents;
    }

    public CheckReport Run()
    {
        using INamespaceSnapshot snapshot = _store.OpenSnapshot();
        IStoreScan scan = snapshot.Scan();
        _nextIno = snapshot.ReadCounter(StoreCounter.NextIno);
        foreach (DirectoryRecord directory in scan.Directories())
            _directories.Add(directory.Ino.Value, directory);
        foreach ((InodeId dir, FileName name, Dentry dentry) in scan.Dentries())
            CheckDentry(dir, name, dentry);
        foreach (Inode inode in scan.Linked())
            CheckLinked(inode);
        CheckPlaces(scan);
        CheckDirectories();
        CheckXattrs(scan);
        _findings.AddRange(_trash.Check(snapshot));
        CheckUniqueNumbers();
        Compare("entries of the filesystem", snapshot.ReadCounter(StoreCounter.Entries), _entries);
        // The trash itself is in no tree.
        int directories = _directories.Count - (_directories.ContainsKey(InodeId.Trash.Value) ? 1 : 0);
        Compare("directories of the filesystem", snapshot.ReadCounter(StoreCounter.Directories), directories);
        Compare("bytes of the filesystem", snapshot.ReadCounter(StoreCounter.Bytes), _bytes);
        HashSet<(ulong, long)> purge = CheckPurgeQueue(scan);
        long files = _contents is null ? 0 : CheckContents(_contents, purge);
        return new CheckReport(_findings, _entries, directories, _linked, files) { OrphanContents = _orphanContents };
    }

    private void CheckDentry(InodeId dir, FileName name, in Dentry dentry)
    {
        _entries++;
        string where = $"'{name}' in directory {dir}";
        if (!FileName.IsValid(name.Span))
            Add(FindingKind.BadValue, $"{where} is not a name.");
        if (!_directories.ContainsKey(dir.Value))
            Add(FindingKind.BrokenReference, $"{where}: the directory does not exist.");
        if (dir == InodeId.Trash)
            _trash.Add(name, dentry.Inode.Ino, dentry.Kind);
        (long entries, long subdirectories, long links) = _counted.GetValueOrDefault(dir.Value);
        entries++;
        switch (dentry.Kind)
        {
            case DentryKind.Directory:
                subdirectories++;
                CheckChild(dir, name, dentry.Inode.Ino, where);
                break;
            case DentryKind.Linked:
                links++;
                _linkedPlaces.Add((dentry.Inode.Ino.Value, new Place(dir, name)));
                _links[dentry.Inode.Ino.Value] = _links.GetValueOrDefault(dentry.Inode.Ino.Value) + 1;
                break;
            case DentryKind.Embedded:
                CheckInode(dentry.Inode, where);
                break;
            default:
                Add(FindingKind.BadValue, $"{where} is of kind {dentry.Kind}.");
                break;
        }
        _counted[dir.Value] = (entries, subdirectories, links);
    }

    private void CheckChild(InodeId dir, FileName name, InodeId child, string where)
    {
        if (!_listedDirectories.Add(child.Value))
            Add(FindingKind.BrokenReference, $"{where}: directory {child} has another name too.");
        if (!_directories.TryGetValue(child.Value, out DirectoryRecord? record))
            Add(FindingKind.BrokenReference, $"{where}: directory {child} does not exist.");
        else if (record.Parent != dir || record.Name != name)
            Add(FindingKind.BrokenReference, $"{where}: directory {child} believes to be '{record.Name}' in {record.Parent}.");
    }

    private void CheckInode(in Inode inode, string where)
    {
        _inos.Add(inode.Ino.Value);
        _bytes += inode.Size;
        if (inode.Xattrs != 0)
            _xattrs[inode.Ino.Value] = inode.Xattrs;
        if (inode.Blob != 0)
            _blobs[(inode.Ino.Value, inode.Blob)] = inode.Stored;
        bool kindOk = inode.Kind is FileKind.File or FileKind.Symlink;
        bool targetOk = inode.Kind != FileKind.Symlink || inode.Target is { Length: > 0 } target && target.Length == inode.Size;
        bool contentOk = inode.Size >= 0 && inode.Stored >= 0 && inode.Stored <= inode.Size && inode.Blob >= 0 && inode.Blob <= inode.Content
            && (inode.Blob != 0 || inode.Stored == 0);
        if (!kindOk || !targetOk || !contentOk)
            Add(FindingKind.BadValue, $"{where}: inode {inode.Ino} has mode {Convert.ToString(inode.Mode, 8)}, size {inode.Size}, content {inode.Content}, stored {inode.Stored} under {inode.Blob}.");
    }

    private void CheckLinked(in Inode inode)
    {
        _linked++;
        CheckInode(inode, "table of linked inodes");
        uint links = _links.GetValueOrDefault(inode.Ino.Value);
        if (links == 0)
            Add(FindingKind.Orphan, $"linked inode {inode.Ino} has no name.");
        else
            Compare($"links of inode {inode.Ino}", inode.Nlink, links);
        _links.Remove(inode.Ino.Value);
    }

    private void CheckPlaces(IStoreScan scan)
    {
        foreach ((InodeId ino, Place place) in scan.Places())
        {
            if (!_linkedPlaces.Remove((ino.Value, place)))
                Add(FindingKind.BrokenReference, $"inode {ino} believes to be '{place.Name}' in {place.Dir}.");
        }
        foreach ((ulong ino, Place place) in _linkedPlaces)
            Add(FindingKind.BrokenReference, $"'{place.Name}' in {place.Dir} is not among the places of inode {ino}.");
        foreach (ulong ino in _links.Keys)
            Add(FindingKind.BrokenReference, $"names refer to linked inode {ino}, which does not exist.");
    }

    private void CheckDirectories()
    {
        foreach (DirectoryRecord directory in _directories.Values)
        {
            _inos.Add(directory.Ino.Value);
            (long entries, long subdirectories, long links) = _counted.GetValueOrDefault(directory.Ino.Value);
            Compare($"entries of directory {directory.Ino}", directory.Entries, entries);
            Compare($"subdirectories of directory {directory.Ino}", directory.Subdirectories, subdirectories);
            Compare($"hard links in directory {directory.Ino}", directory.Links, links);
            if (directory.Xattrs != 0)
                _xattrs[directory.Ino.Value] = directory.Xattrs;
            if (directory.Version < 1 || directory.Mode >> 12 != (uint)FileKind.Directory)
                Add(FindingKind.BadValue, $"directory {directory.Ino} has version {directory.Version}, mode {Convert.ToString(directory.Mode, 8)}.");
            if (directory.Ino != InodeId.Root && directory.Ino != InodeId.Trash && !_listedDirectories.Contains(directory.Ino.Value))
                Add(FindingKind.Orphan, $"directory {directory.Ino} has no name.");
        }
        if (!_directories.ContainsKey(InodeId.Root.Value))
            Add(FindingKind.BrokenReference, "there is no root directory.");
        CheckReachable();
    }

    /// <summary>A ring of directories has a name for each and is yet in no tree.</summary>
    private void CheckReachable()
    {
        HashSet<ulong> reached = [InodeId.Root.Value, InodeId.Trash.Value];
        List<ulong> chain = [];
        foreach (DirectoryRecord directory in _directories.Values)
        {
            chain.Clear();
            DirectoryRecord? at = directory;
            while (at is not null && !reached.Contains(at.Ino.Value) && chain.Count <= _directories.Count)
            {
                chain.Add(at.Ino.Value);
                at = _directories.GetValueOrDefault(at.Parent.Value);
            }
            if (at is null || chain.Count > _directories.Count)
                Add(FindingKind.Orphan, $"directory {directory.Ino} is neither under the root nor in the trash.");
            else
                reached.UnionWith(chain);
        }
    }

    private void CheckXattrs(IStoreScan scan)
    {
        foreach ((InodeId ino, long count) in scan.XattrCounts())
        {
            if (_xattrs.Remove(ino.Value, out uint maintained))
                Compare($"xattrs of inode {ino}", maintained, count);
            else
                Add(FindingKind.Orphan, $"{count} xattrs of inode {ino}, which has none or does not exist.");
        }
        foreach ((ulong ino, uint count) in _xattrs)
            Compare($"xattrs of inode {ino}", count, 0);
    }

    private void CheckUniqueNumbers()
    {
        _inos.Sort();
        for (int i = 1; i < _inos.Count; i++)
        {
            if (_inos[i] == _inos[i - 1])
                Add(FindingKind.BadValue, $"inode number {_inos[i]} is used twice.");
        }
        if (_inos.Count > 0 && _inos[^1] >= (ulong)_nextIno)
            Add(FindingKind.BadValue, $"inode number {_inos[^1]} was never handed out: the next is {_nextIno}.");
    }

    private HashSet<(ulong, long)> CheckPurgeQueue(IStoreScan scan)
    {
        HashSet<(ulong, long)> rows = [];
        foreach (PurgeRow row in scan.PurgeQueue())
        {
            rows.Add((row.Ino.Value, row.Blob));
            if (_blobs.ContainsKey((row.Ino.Value, row.Blob)))
                Add(FindingKind.BrokenReference, $"content {row.Blob} of inode {row.Ino} is to be deleted and in use.");
        }
        return rows;
    }

    private long CheckContents(ContentStore files, HashSet<(ulong, long)> purge)
    {
        long count = 0;
        foreach (ContentFile file in files.Files())
        {
            count++;
            (ulong, long) key = (file.Ino.Value, file.Version);
            if (_blobs.Remove(key, out long stored))
            {
                if (file.Length < stored)
                    Add(FindingKind.MissingContent, $"content {file.Version} of inode {file.Ino} has {file.Length} bytes of {stored}.");
            }
            else if (!purge.Contains(key))
            {
                _orphanContents.Add(file.Path);
                Add(FindingKind.OrphanContent, $"{file.Path} ({file.Length} bytes) belongs to no inode.");
            }
        }
        foreach ((ulong ino, long blob) in _blobs.Keys)
            Add(FindingKind.MissingContent, $"content {blob} of inode {ino} is not there.");
        return count;
    }

    private void Compare(string what, long maintained, long counted)
    {
        if (maintained != counted)
            Add(FindingKind.WrongCount, $"{what}: kept as {maintained}, counted {counted}.");
    }

    private void Add(FindingKind kind, string text) => _findings.Add(new Finding(kind, text));
}
