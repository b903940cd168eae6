namespace Capstan.ClientGateway;

/// <summary>Why a cached page was given up.</summary>
public enum EvictionCause
{
    /// <summary>The cap had run out with the session or the time to live, and the listing was another by then.</summary>
    Expired,

    /// <summary>The cap had been taken back, and the listing was another by then.</summary>
    Revoked,

    /// <summary>The budget was full.</summary>
    Pressure,

    /// <summary>An administrator dropped it.</summary>
    Manual,

    /// <summary>A change could not be followed, or its outcome was unknown; or the directory is gone.</summary>
    Invalid,

    /// <summary>More directories were known than are kept, and its own was not used for longest.</summary>
    Unused,
}
