namespace Capstan.Shared;

/// <summary>Outcome of a filesystem operation: Linux errno numbers, as they cross the wire. <see cref="Ok"/> is success.</summary>
public enum FsErrno
{
    Ok = 0,
    NotPermitted = 1,        // EPERM
    NoEntry = 2,             // ENOENT
    Io = 5,                  // EIO
    TryAgain = 11,           // EAGAIN
    AccessDenied = 13,       // EACCES
    Exists = 17,             // EEXIST
    CrossDevice = 18,        // EXDEV
    NotDirectory = 20,       // ENOTDIR
    IsDirectory = 21,        // EISDIR
    Invalid = 22,            // EINVAL
    FileTooLarge = 27,       // EFBIG
    NoSpace = 28,            // ENOSPC
    ReadOnly = 30,           // EROFS
    TooManyLinks = 31,       // EMLINK
    Range = 34,              // ERANGE
    NameTooLong = 36,        // ENAMETOOLONG
    NotSupported = 38,       // ENOSYS
    NotEmpty = 39,           // ENOTEMPTY
    TooManySymlinks = 40,    // ELOOP
    NoData = 61,             // ENODATA
    Protocol = 71,           // EPROTO
    NotConnected = 107,      // ENOTCONN
    TimedOut = 110,          // ETIMEDOUT
    Stale = 116,             // ESTALE
    Cancelled = 125,         // ECANCELED
    KeyExpired = 127,        // EKEYEXPIRED: the session died (evicted, or not known after a restart) with the operation in flight
}
