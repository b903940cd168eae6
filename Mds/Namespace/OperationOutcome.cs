using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>What an operation answered and what it changed.</summary>
internal sealed record OperationOutcome(FsErrno Errno)
{
    private static readonly Dictionary<FsErrno, OperationOutcome> Refusals =
        Enum.GetValues<FsErrno>().ToDictionary(errno => errno, errno => new OperationOutcome(errno));

    /// <summary>Lookup: one a name found. Others: the inode of the operation, where one is left.</summary>
    public IReadOnlyList<InodeAttributes> Attributes { get; init; } = [];

    /// <summary>Target of a symlink, value of an xattr.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>Names of xattrs.</summary>
    public IReadOnlyList<byte[]> Names { get; init; } = [];

    public FileSystemStatistics? Statistics { get; init; }

    public IReadOnlyList<TrashEntry> Trash { get; init; } = [];

    /// <summary>Every version that it made, in order. Empty for a refusal: a refused operation changes nothing.</summary>
    public IReadOnlyList<DirectoryDelta> Changes { get; init; } = [];

    public bool IsOk => Errno == FsErrno.Ok;

    public static implicit operator OperationOutcome(FsErrno errno) => Refusals[errno];
}
