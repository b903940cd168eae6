using Capstan.Mds.Sessions;
using Capstan.Shared;

namespace Capstan.Mds.Caps;

/// <summary>Who holds what on one directory, and who waits for it.</summary>
internal sealed class DirectoryCaps(InodeId ino)
{
    public InodeId Ino { get; } = ino;

    /// <summary>A handful at most in practice: a list beats a table.</summary>
    public List<IssuedCap> Holders { get; } = [];

    /// <summary>Requests that wait until nobody else holds the directory exclusively, in the order in which they came.</summary>
    public Queue<ParkedRequest> Waiters { get; } = [];

    /// <summary>Parked requests, here or elsewhere, that will touch this directory.</summary>
    public int Claims { get; set; }

    public IssuedCap? Of(MdsSession session)
    {
        foreach (IssuedCap cap in Holders)
        {
            if (cap.Session == session)
                return cap;
        }
        return null;
    }

    /// <summary>Whether another session may be changing entries ahead of our reply.</summary>
    public bool IsExclusiveToAnother(MdsSession session)
    {
        foreach (IssuedCap cap in Holders)
        {
            if (cap.Session != session && (cap.Implemented & CapBits.Exclusive) != 0)
                return true;
        }
        return false;
    }
}
