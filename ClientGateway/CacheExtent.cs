namespace Capstan.ClientGateway;

/// <summary>What an action is about.</summary>
/// <param name="Caps">Records held there.</param>
/// <param name="InUse">Of those, records that viewers or operations in flight need.</param>
public sealed record CacheExtent(int Directories, int Pages, long Bytes, int Caps, int InUse);
