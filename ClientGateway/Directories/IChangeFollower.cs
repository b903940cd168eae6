using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Directories;

/// <summary>Who keeps entries of many directories. Told under the gateway's lock: only notes it down.</summary>
internal interface IChangeFollower
{
    /// <param name="attributes">Of the entry as it is now; null when it is gone.</param>
    void OnChange(InodeId directory, DeltaKind kind, FileName name, InodeAttributes? attributes);
}
