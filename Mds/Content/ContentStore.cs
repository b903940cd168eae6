using System.Globalization;
using Capstan.Mds.Posix;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Content;

/// <summary>
/// The bytes of files: one host file for each (inode, content version), written once and never changed. A file is durable
/// before anything shows it: (1) written under a temporary name, (2) fsynced, (3) renamed into place, (4) the directory fsynced; only
/// then the metadata commit. Thread-safe. Failures of the disk are <see cref="StoreException"/>.
/// <code>
/// content/STAGING/...            what is being written; emptied at start
/// content/HHHH/LLL/INO-VERSION   hexadecimal; HHHH = ino >> 20, LLL = (ino >> 10) &amp; 0x3FF: neighbours share a directory
/// </code>
/// </summary>
public sealed class ContentStore
{
    private readonly string _root;
    private readonly string _staging;
    private long _nextStaging;

    public ContentStore(string dataDirectory)
    {
        _root = Path.Combine(dataDirectory, "content");
        _staging = Path.Combine(_root, "STAGING");
        Directory.CreateDirectory(_staging);
        // Whoever was writing these is gone, and no name shows them.
        foreach (string leftover in Directory.EnumerateFiles(_staging))
            File.Delete(leftover);
    }

    /// <summary>A new file to write to; disposing it before it was published drops it.</summary>
    public StagedContent Stage()
    {
        string path = Path.Combine(_staging, Interlocked.Increment(ref _nextStaging).ToString("x", CultureInfo.InvariantCulture));
        return Disk.Try(() => new StagedContent(path));
    }

    /// <summary>Steps 2 to 4. Afterwards the version may be committed.</summary>
    public void Publish(StagedContent staged, InodeId ino, long version) => Disk.Try(() =>
    {
        staged.FlushToDisk();
        string path = PathOf(ino, version);
        PublishWithoutSync(staged, path);
        Durability.SyncDirectory(Path.GetDirectoryName(path)!);
    });

    /// <summary>As <see cref="Publish"/> for many files of which nothing is committed before <see cref="SyncAll"/>.</summary>
    public void PublishLater(StagedContent staged, InodeId ino, long version) =>
        Disk.Try(() => PublishWithoutSync(staged, PathOf(ino, version)));

    /// <summary>Everything published so far is durable afterwards.</summary>
    public void SyncAll() => Disk.Try(() => Durability.SyncDisk(_root));

    /// <summary>
    /// Files the bytes of <paramref name="extent"/> under another inode too, durably. They never change, so both may be one host file
    /// with two names: the copy of a file of any size is a link. <see cref="FsErrno.Stale"/> when the bytes have been purged meanwhile.
    /// </summary>
    public void Duplicate(ContentExtent extent, InodeId ino, long version) => Disk.Try(() =>
    {
        string from = PathOf(extent.Ino, extent.Blob), to = PathOf(ino, version);
        MakeDirectoryOf(to);
        if (!Durability.TryLink(from, to))
        {
            // The disk's bound of names of one file is reached, or it has no links.
            if (!File.Exists(from))
                throw new StoreException(FsErrno.Stale, "The content has been replaced meanwhile.");
            using StagedContent staged = Stage();
            using (FileStream source = File.OpenRead(from))
                staged.CopyFrom(source);
            staged.FlushToDisk();
            staged.MoveTo(to);
        }
        Durability.SyncDirectory(Path.GetDirectoryName(to)!);
    });

    /// <summary>Opens the bytes that an inode shows. A file that is deleted meanwhile stays readable until the reader is closed.</summary>
    public ContentReader Open(ContentExtent extent) => Disk.Try(() => new ContentReader(
        extent, extent.Stored == 0 ? null : File.OpenHandle(PathOf(extent.Ino, extent.Blob), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)));

    /// <summary>Harmless when it is not there.</summary>
    public void Delete(InodeId ino, long version) => Disk.Try(() =>
    {
        string path = PathOf(ino, version);
        if (File.Exists(path))
            File.Delete(path);
    });

    /// <summary>Every content file there is, for the checker.</summary>
    public IEnumerable<ContentFile> Files()
    {
        foreach (string high in Directory.EnumerateDirectories(_root))
        {
            if (high == _staging)
                continue;
            foreach (string low in Directory.EnumerateDirectories(high))
            {
                foreach (FileInfo file in new DirectoryInfo(low).EnumerateFiles())
                    yield return Parse(file);
            }
        }
    }

    public (long FreeBytes, long TotalBytes) Space()
    {
        DriveInfo drive = new(_root);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }

    private void PublishWithoutSync(StagedContent staged, string path)
    {
        MakeDirectoryOf(path);
        staged.MoveTo(path);
    }

    private void MakeDirectoryOf(string path)
    {
        string directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            string parent = Path.GetDirectoryName(directory)!;
            Directory.CreateDirectory(directory);
            Durability.SyncDirectory(parent);
            Durability.SyncDirectory(_root);
        }
    }

    private string PathOf(InodeId ino, long version) => Path.Combine(
        _root,
        (ino.Value >> 20).ToString("x4", CultureInfo.InvariantCulture),
        ((ino.Value >> 10) & 0x3FF).ToString("x3", CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{ino.Value:x}-{version:x}"));

    private static ContentFile Parse(FileInfo file)
    {
        string[] parts = file.Name.Split('-');
        bool known = parts.Length == 2
            & ulong.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong ino)
            & long.TryParse(parts[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long version);
        return new ContentFile(file.FullName, known ? new InodeId(ino) : InodeId.None, version, file.Length);
    }
}
