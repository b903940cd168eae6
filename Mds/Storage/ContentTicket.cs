using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>A content version reserved for one writer: no other writer of the inode gets the same while it is out.</summary>
internal readonly record struct ContentTicket(InodeId Ino, long Version);
