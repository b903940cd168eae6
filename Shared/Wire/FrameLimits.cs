namespace Capstan.Shared.Wire;

/// <summary>Bounds of one frame: far below what a peer accepts, large enough to make its cost that of its messages.</summary>
public static class FrameLimits
{
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Messages as they are counted in our records, before packing and after.</summary>
    public const int MaxMessages = 4096;
}
