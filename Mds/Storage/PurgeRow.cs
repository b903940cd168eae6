using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>A content file that no name shows any more and that is to be deleted.</summary>
internal readonly record struct PurgeRow(long Id, InodeId Ino, long Blob);
