using Capstan.Shared;

namespace Capstan.ClientGateway.Directories;

/// <summary>What was asked of the shared cache for one directory: no page is asked for twice while it is on its way, and what it has not got is not asked for again at that version.</summary>
internal sealed class SharedLookups
{
    private readonly HashSet<long> _onTheirWay = [];
    private readonly HashSet<long> _missed = [];
    private DirectoryVersion _version;

    public bool IsOnItsWay(long rank) => _onTheirWay.Contains(rank);

    public bool IsMissed(DirectoryVersion version, long rank) => _version == version && _missed.Contains(rank);

    public void Asked(long rank) => _onTheirWay.Add(rank);

    public void Answered(long rank) => _onTheirWay.Remove(rank);

    public void Missed(DirectoryVersion version, long rank)
    {
        if (_version != version)
            _missed.Clear();
        _version = version;
        _missed.Add(rank);
    }
}
