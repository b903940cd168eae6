using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>The store could not do its work: disk full, an I/O error, damage. The transaction in progress is void.</summary>
public sealed class StoreException(FsErrno errno, string message) : Exception(message)
{
    /// <summary><see cref="FsErrno.NoSpace"/>, <see cref="FsErrno.ReadOnly"/> or <see cref="FsErrno.Io"/>: what the operations concerned fail with.</summary>
    public FsErrno Errno { get; } = errno;
}
