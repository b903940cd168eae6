namespace Capstan.ClientGateway.Directories;

/// <summary>How one reader goes through a directory.</summary>
internal enum AccessPattern
{
    /// <summary>It has read once: most go on from there.</summary>
    Opening,
    Sequential,
    Reverse,

    /// <summary>It has gone elsewhere, and may stay there.</summary>
    Jumping,

    /// <summary>It drags the scroll bar: where it will stop nobody knows.</summary>
    Scrubbing,
}
