using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>A file of several names in a copy: its first copy, to which the copies of its other names are links. Changed by whoever has the turn.</summary>
internal sealed class LinkedCopy
{
    public SemaphoreSlim Turn { get; } = new(1);

    public InodeAddress? First { get; set; }

    /// <summary>Where the first copy may have been made, by a request whose outcome nobody knows: it is looked for there before another is made.</summary>
    public (InodeId Directory, FileName Name)? Unsure { get; set; }
}
