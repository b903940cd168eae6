using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>A directory as it was before a merge removed it: enough to make one like it again.</summary>
internal sealed record EmptiedDirectory(InodeAddress Address, uint Permissions);
