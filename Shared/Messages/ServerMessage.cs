namespace Capstan.Shared.Messages;

/// <summary>What the MDS says to a gateway on its session stream; applied in the order of arrival.</summary>
public abstract record ServerMessage;

/// <param name="Resumed">The id was known: completed tids are remembered and unanswered requests may be repeated.</param>
/// <param name="Generation">Of the filesystem; changes when a store is restored from a copy.</param>
public sealed record SessionOpened(
    SessionId Id, Epoch Epoch, TimeSpan Lease, Guid Generation, bool Resumed, int MaxInFlight, bool AsyncUnlink) : ServerMessage;

public readonly record struct VersionSpan(InodeId Dir, DirectoryVersion From, DirectoryVersion To);

public sealed record FileSystemStatistics(long Entries, long Directories, long Bytes, long FreeBytes, long TotalBytes);

/// <summary>The durable outcome of a request. Sent after the commit.</summary>
public sealed record Reply(long Tid, FsErrno Errno) : ServerMessage
{
    /// <summary>
    /// The version that the operation made, when no delta tells the writer of its own change: set when the only change is that of
    /// the operation's own directory and name, and the writer is the directory's only holder of Fs.
    /// </summary>
    public IReadOnlyList<VersionSpan> Changed { get; init; } = [];

    /// <summary>Lookup: one a name found. Others: the inode of the operation, where there is one.</summary>
    public IReadOnlyList<InodeAttributes> Attributes { get; init; } = [];

    /// <summary>Target of a symlink, value of an xattr.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>Names of xattrs.</summary>
    public IReadOnlyList<byte[]> Names { get; init; } = [];

    public FileSystemStatistics? Statistics { get; init; }

    public IReadOnlyList<TrashEntry> Trash { get; init; } = [];

    /// <summary>Readdir: the directory's version when the stream ended.</summary>
    public DirectoryVersion Version { get; init; }

    /// <summary>A read's answer that was held back until every holder had what it saw: good for who asked, too old to be remembered.</summary>
    public bool IsLate { get; init; }

    /// <summary>Where the time went, of an answer that may be slow.</summary>
    public RequestTimes? Times { get; init; }
}

/// <summary>Successes with consecutive tids: it means what its replies mean, one after the other.</summary>
/// <param name="Changed">Each made the next version of this directory, the first one that after From; null: none made a version that the writer is not told of by deltas.</param>
/// <param name="Made">The inode that the first one made; each after it made the one with the next number and is otherwise the same. Null: they made none. Without a number: each is of the inode that its
/// request named, as moves to the trash are (whose answer is that number and, as ctime, the moment).</param>
public sealed record ReplyRun(long FirstTid, int Count, (InodeId Dir, DirectoryVersion From)? Changed, InodeAttributes? Made) : ServerMessage
{
    public Reply this[int index] => new(FirstTid + index, FsErrno.Ok)
    {
        Changed = Changed is var (dir, from) ? [new VersionSpan(dir, new DirectoryVersion(from.Value + index), new DirectoryVersion(from.Value + index + 1))] : [],
        Attributes = Made is not null ? [Made.Following(index)] : [],
    };

    /// <summary>The same replies as runs of at most <paramref name="size"/>.</summary>
    public IEnumerable<ReplyRun> InPartsOf(int size)
    {
        for (int start = 0; start < Count; start += size)
            yield return Part(start, Math.Min(size, Count - start));
    }

    /// <summary>Its replies from the one at <paramref name="start"/> on.</summary>
    public ReplyRun Part(int start, int count) => new(
        FirstTid + start, count, Changed is var (dir, from) ? (dir, new DirectoryVersion(from.Value + start)) : null, Made?.Following(start));
}

/// <summary>
/// The full set now issued on a record, with the version of the directory it is good for. With
/// <see cref="Attributes"/> of the directory itself, which As covers.
/// </summary>
public sealed record CapGrant(InodeId Ino, CapBits Bits, long Seq, DirectoryVersion Version, InodeAttributes Attributes) : ServerMessage
{
    /// <summary>Another holder may not have this version yet.</summary>
    public bool IsUnsettled { get; init; }
}

/// <summary>Keep no more than <see cref="Keep"/>: start no new use of the rest, and ack with <see cref="Seq"/> when its last use ends.</summary>
public sealed record CapRevoke(InodeId Ino, CapBits Keep, long Seq) : ServerMessage;

public enum DeltaKind
{
    /// <summary>The name is gone.</summary>
    Removed = 1,

    /// <summary>The name is new, with these attributes.</summary>
    Added = 2,

    /// <summary>The directory's own attributes changed.</summary>
    Self = 3,

    /// <summary>The name was there before: other attributes, or another inode under it.</summary>
    Changed = 4,
}

/// <summary>One change of a directory, pushed to the sessions that hold Fs on it. <see cref="To"/> is <see cref="From"/> + 1.</summary>
public sealed record DirectoryDelta(
    InodeId Dir, DirectoryVersion From, DirectoryVersion To, DeltaKind Kind, FileName Name, InodeAttributes? Attributes) : ServerMessage
{
    /// <summary>Others hold the directory too: it is settled when they have acked it.</summary>
    public bool IsShared { get; init; }
}

/// <summary>A page of the readdir stream <see cref="Tid"/>; the bytes are those of <c>Pages.DirectoryPage</c>.</summary>
public sealed record PageMessage(long Tid, byte[] Page) : ServerMessage;

/// <summary>Hold no more than <see cref="Target"/> cap records.</summary>
public sealed record Recall(int Target) : ServerMessage;

public sealed record Renewed(long SentAt) : ServerMessage;

/// <summary>Every cap that was kept has been granted again; what was not is lost.</summary>
public sealed record Reclaimed : ServerMessage;

/// <summary>The lease ran out: no cap counts until it is renewed and granted again.</summary>
public sealed record SessionStale : ServerMessage;

/// <summary>The deltas of a change that was asked for beside the stream, under this token, have all come before this.</summary>
public sealed record Told(long Token) : ServerMessage;

/// <summary>The session is over; its caps and unanswered requests are void.</summary>
public sealed record SessionEvicted(string Reason) : ServerMessage;
