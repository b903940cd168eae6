using Capstan.Shared;

namespace Capstan.Mds.Sessions;

/// <summary>One session as administrators see it.</summary>
/// <param name="Held">Requests that are parked or whose reply is held.</param>
/// <param name="Revokes">Records whose revoke it has not answered, the oldest for so long.</param>
internal sealed record SessionFigures(
    SessionId Id, string ClientName, MdsSessionState State, bool IsStrict, int Caps, TimeSpan SinceRenewal, TimeSpan LeaseLeft, TimeSpan RoundTrip, int Held, int Revokes, TimeSpan OldestRevoke);
