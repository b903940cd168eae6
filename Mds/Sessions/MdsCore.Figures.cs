using Capstan.Mds.Caps;
using Capstan.Shared;

namespace Capstan.Mds.Sessions;

// What administrators ask, and the one thing that they may do.
internal sealed partial class MdsCore
{
    public IReadOnlyList<SessionFigures> DescribeSessions() => [.. _sessions.Values.Select(Describe)];

    /// <summary>Ends the session whose id begins like this, as if it had not answered. False: there is none.</summary>
    public bool EvictByHand(string handle)
    {
        if (_sessions.Values.FirstOrDefault(s => s.Id.ToString() == handle) is not { } session)
            return false;
        Evict(session, "evicted by an administrator");
        RunReady();
        return true;
    }

    private SessionFigures Describe(MdsSession session)
    {
        long now = _time.GetTimestamp();
        int revokes = 0;
        long oldest = now;
        foreach (IssuedCap cap in session.Caps.Values)
        {
            if (cap.RevokedAt == 0)
                continue;
            revokes++;
            oldest = Math.Min(oldest, cap.RevokedAt);
        }
        return new SessionFigures(
            session.Id, session.ClientName, session.State, session.StrictDeltas, session.Caps.Count, _time.GetElapsedTime(session.RenewedAt, now),
            now < session.LeaseUntil ? _time.GetElapsedTime(now, session.LeaseUntil) : TimeSpan.Zero,
            session.RoundTrip, session.Live.Count, revokes, _time.GetElapsedTime(oldest, now));
    }
}
