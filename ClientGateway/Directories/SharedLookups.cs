using Capstan.Shared;

namespace Capstan.ClientGateway.Directories;

/// <summary>What was asked of the shared cache for one directory: no page is asked for twice while it is on its way, and what it has not got is not asked for again at that version.</summary>
internal sealed class SharedLookups
{
    private HashSet<long>? _onTheirWay; // Most directories are never asked for there.
    private HashSet<long>? _missed;
    private DirectoryVersion _version;

    public bool IsAnyOnItsWay => _onTheirWay is { Count: > 0 };

    public bool IsOnItsWay(long rank) => _onTheirWay?.Contains(rank) == true;

    public bool IsMissed(DirectoryVersion version, long rank) => _version == version && _missed?.Contains(rank) == true;

    public void Asked(long rank) => (_onTheirWay ??= []).Add(rank);

    public void Answered(long rank) => _onTheirWay?.Remove(rank);

    public void Missed(DirectoryVersion version, long rank)
    {
        if (_version != version)
            _missed = null;
        _version = version;
        (_missed ??= []).Add(rank);
    }
}
