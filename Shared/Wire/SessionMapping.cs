using Capstan.Shared.Messages;
using Google.Protobuf;

namespace Capstan.Shared.Wire;

/// <summary>The life of a session: opening, lease, end.</summary>
internal static class SessionMapping
{
    private const int MaxClientName = 1024;

    private static readonly long MaxLeaseMs = (long)TimeSpan.FromDays(365).TotalMilliseconds;

    public static Protos.SessionOpen ToProto(SessionOpen open) => new()
    {
        SessionId = open.Id.IsNone ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(open.Id.ToBytes()),
        ClientName = open.ClientName,
        Protocol = open.Protocol,
        StrictDeltas = open.StrictDeltas,
    };

    public static SessionOpen Decode(Protos.SessionOpen proto)
    {
        if (proto.ClientName.Length > MaxClientName)
            throw new WireException($"A client name of {proto.ClientName.Length} characters.");
        SessionId id = proto.SessionId.IsEmpty ? SessionId.None : new SessionId(WireField.Guid(proto.SessionId, "Session id"));
        return new SessionOpen(id, proto.ClientName, proto.Protocol, proto.StrictDeltas);
    }

    public static Protos.SessionOpened ToProto(SessionOpened opened) => new()
    {
        SessionId = UnsafeByteOperations.UnsafeWrap(opened.Id.ToBytes()),
        Epoch = opened.Epoch.Value,
        LeaseMs = (long)opened.Lease.TotalMilliseconds,
        Generation = UnsafeByteOperations.UnsafeWrap(opened.Generation.ToByteArray()),
        Resumed = opened.Resumed,
        MaxInFlight = opened.MaxInFlight,
        AsyncUnlink = opened.AsyncUnlink,
    };

    public static SessionOpened Decode(Protos.SessionOpened proto) => new(
        new SessionId(WireField.Guid(proto.SessionId, "Session id")),
        new Epoch(WireField.NotNegative(proto.Epoch, "Epoch")),
        TimeSpan.FromMilliseconds(Math.Min(WireField.NotNegative(proto.LeaseMs, "Lease"), MaxLeaseMs)),
        WireField.Guid(proto.Generation, "Generation"),
        proto.Resumed,
        proto.MaxInFlight > 0 ? proto.MaxInFlight : throw new WireException($"{proto.MaxInFlight} requests in flight."),
        proto.AsyncUnlink);

    public static Protos.Renew ToProto(Renew renew) => new() { OldestTid = renew.OldestTid, SentAt = renew.SentAt, RoundTripUs = (long)renew.RoundTrip.TotalMicroseconds };

    public static Renew Decode(Protos.Renew proto) => new(WireField.NotNegative(proto.OldestTid, "Oldest tid"), proto.SentAt)
    {
        RoundTrip = TimeSpan.FromMilliseconds(Math.Min(WireField.NotNegative(proto.RoundTripUs, "Round trip") / 1000.0, MaxLeaseMs)),
    };
}
