namespace Capstan.ClientGateway;

/// <summary>A session at the MDS, of whichever gateway.</summary>
/// <param name="Handle">Tells sessions apart; not enough to resume one.</param>
/// <param name="Held">Requests that are parked or whose reply is held.</param>
/// <param name="Revokes">Records whose revoke it has not answered, the oldest for <paramref name="OldestRevoke"/>.</param>
public sealed record MdsSessionSnapshot(
    string Handle, string ClientName, MdsSessionState State, bool IsStrict, int Caps, TimeSpan SinceRenewal, TimeSpan LeaseLeft, TimeSpan RoundTrip, int Held, int Revokes, TimeSpan OldestRevoke);
