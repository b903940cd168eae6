using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Shared;

namespace Capstan.Mds.Sessions;

// What is done for a session outside its stream: file contents. It may have to wait for caps, and is tried again.
internal sealed partial class MdsCore
{
    private static MdsSession Nobody { get; } = new(SessionId.None, "mds");

    /// <summary>Reads outside the session stream, once nobody is changing <paramref name="target"/>'s directory ahead of its reply. False: try again after the next group.</summary>
    public bool TryRead(SessionId by, CapClaim claim, InodeAddress target, Action read)
    {
        if (!MayRun(Find(by) ?? Nobody, claim, (engine, uses) => engine.Footprint(target, write: false, uses)))
            return false;
        read();
        WakeClaimed(claim);
        return true;
    }

    /// <summary>An operation of the MDS's own, outside any session: content that has become durable.</summary>
    /// <param name="footprint">Adds the directories that it touches.</param>
    /// <returns>Null when it has to wait for caps: try again after the next group, with the same claim.</returns>
    public OperationOutcome? TryRun(SessionId by, CapClaim claim, Action<NamespaceEngine, List<DirectoryUse>> footprint, Func<NamespaceEngine, OperationOutcome> apply)
    {
        MdsSession session = Find(by) ?? Nobody;
        if (!MayRun(session, claim, footprint))
            return null;
        OperationOutcome outcome = apply(_engine);
        Publish(session, outcome.Changes, null);
        WakeClaimed(claim);
        return outcome;
    }

    /// <summary>What waits claims what it touches, as a parked request does: a holder that gave up its exclusive caps would be granted them again at once, for ever.</summary>
    private bool MayRun(MdsSession session, CapClaim claim, Action<NamespaceEngine, List<DirectoryUse>> footprint)
    {
        _caps.Unclaim(claim.Directories);
        _uses.Clear();
        footprint(_engine, _uses);
        bool isBusy = false;
        foreach (DirectoryUse use in _uses)
            isBusy |= _caps.MustWait(session, use.Dir);
        if (isBusy)
            claim.Directories = _caps.Claim(_uses.Select(u => u.Dir));
        return !isBusy;
    }

    private void WakeClaimed(CapClaim claim)
    {
        foreach (DirectoryCaps directory in claim.Directories)
            _caps.Wake(directory);
        claim.Directories = [];
    }
}
