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

    /// <summary>Whether the readers of several strict sessions may be shown what those have cached.</summary>
    public bool HasSeveralReaders
    {
        get
        {
            int readers = 0;
            foreach (IssuedCap cap in Holders)
                readers += cap.Session.StrictDeltas && cap.MayBeBelieved ? 1 : 0;
            return readers > 1;
        }
    }

    public IssuedCap? Of(MdsSession session)
    {
        foreach (IssuedCap cap in Holders)
        {
            if (cap.Session == session)
                return cap;
        }
        return null;
    }

    /// <summary>Whether what <paramref name="session"/> is told of this directory may not be known to another holder yet.</summary>
    public bool IsUnsettledFor(MdsSession session)
    {
        foreach (IssuedCap cap in Holders)
        {
            if (cap.Session != session && cap.IsBehind)
                return true;
        }
        return false;
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
