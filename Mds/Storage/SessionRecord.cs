using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>A session as it outlives a restart of the MDS.</summary>
internal sealed record SessionRecord(SessionId Id, string ClientName, long OldestTid);
