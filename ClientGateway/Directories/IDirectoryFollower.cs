using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Directories;

/// <summary>Who keeps rows of a directory in another shape. Told under the gateway's lock: only notes it down.</summary>
internal interface IDirectoryFollower
{
    /// <summary>Nobody looks at it for now: the pages that it shares may be given up, and it with them.</summary>
    bool IsIdle { get; }

    /// <summary>A change was applied, in version order.</summary>
    void OnChange(DirectoryDelta delta);

    /// <summary>What is cached is not believed any more, or has been given up.</summary>
    void OnDropped();
}
