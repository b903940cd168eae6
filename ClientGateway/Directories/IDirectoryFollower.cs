using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Directories;

/// <summary>Who keeps rows of a directory in another shape. Told under the gateway's lock: only notes it down.</summary>
internal interface IDirectoryFollower
{
    /// <summary>A change was applied, in version order.</summary>
    void OnChange(DirectoryDelta delta);

    /// <summary>What is cached is not believed any more.</summary>
    void OnDropped();
}
