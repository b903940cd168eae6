using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Shared;

namespace Capstan.Mds.Sessions;

// What the MDS does behind the replies of the trash.
internal sealed partial class MdsCore
{
    private readonly CapClaim _purgeClaim = new();

    /// <summary>There is work for <see cref="PurgeTrash"/> besides what grows too old.</summary>
    public bool HasTrashToPurge => _engine.HasTrashToPurge;

    /// <summary>In a group: removes up to <paramref name="limit"/> entries of what was purged. Returns how many, and whether to come again for the rest.</summary>
    public (int Count, bool IsBlocked) PurgeTrash(int limit)
    {
        if (IsInGrace)
            return (0, true); // Who holds what is not known yet.
        long retainedSince = _options.TrashRetention > TimeSpan.Zero
            ? (_time.GetUtcNow() - _options.TrashRetention - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick
            : 0;
        OperationOutcome outcome = _engine.PurgeTrash(retainedSince, limit, MayPurgeIn, out int count, out IReadOnlyList<InodeId> removed, out bool isBlocked);
        Publish(Nobody, outcome.Changes, null);
        foreach (InodeId gone in removed)
            _caps.Forget(gone);
        if (!isBlocked)
        {
            _caps.Unclaim(_purgeClaim.Directories);
            foreach (DirectoryCaps claimed in _purgeClaim.Directories)
                _caps.Wake(claimed);
            _purgeClaim.Directories = [];
        }
        return (count, isBlocked);
    }

    private bool MayPurgeIn(InodeId dir)
    {
        if (!_caps.MustWait(Nobody, dir))
            return true;
        if (!Array.Exists(_purgeClaim.Directories, claimed => claimed.Ino == dir))
            _purgeClaim.Directories = [.. _purgeClaim.Directories, .. _caps.Claim([dir])];
        return false;
    }
}
