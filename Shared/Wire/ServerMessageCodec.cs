using Capstan.Shared.Messages;
using Kind = Capstan.Shared.Protos.ServerMessage.KindOneofCase;

namespace Capstan.Shared.Wire;

/// <summary>What the MDS says, to frames and back. Order is kept; a run of bare successes is packed.</summary>
public static class ServerMessageCodec
{
    public static List<Protos.ServerFrame> Encode(IReadOnlyList<ServerMessage> messages)
    {
        List<Protos.ServerFrame> frames = [];
        Protos.ServerFrame? frame = null;
        FrameBudget budget = default;
        for (int i = 0; i < messages.Count;)
        {
            if (frame is null || budget.IsSpent)
                frame = Begin(frames, ref budget);
            int run = ReplyRunPacking.Measure(messages, i, budget.Messages);
            Protos.ServerMessage message = run > 1
                ? new Protos.ServerMessage { ReplyRun = ReplyRunPacking.Pack(messages, i, run) }
                : ToProto(messages[i]);
            int size = message.CalculateSize();
            if (!budget.Holds(size))
                frame = Begin(frames, ref budget);
            frame.Messages.Add(message);
            budget.Take(run, size);
            i += run;
        }
        return frames;
    }

    public static List<ServerMessage> Decode(Protos.ServerFrame frame)
    {
        List<ServerMessage> messages = new(frame.Messages.Count);
        foreach (Protos.ServerMessage proto in frame.Messages)
        {
            if (messages.Count >= FrameLimits.MaxMessages)
                throw new WireException($"More than {FrameLimits.MaxMessages} messages in a frame.");
            if (proto.KindCase == Kind.ReplyRun)
                ReplyRunPacking.Unpack(proto.ReplyRun, messages);
            else
                messages.Add(Decode(proto));
        }
        return messages;
    }

    private static Protos.ServerFrame Begin(List<Protos.ServerFrame> frames, ref FrameBudget budget)
    {
        Protos.ServerFrame frame = new();
        frames.Add(frame);
        budget = FrameBudget.Full;
        return frame;
    }

    private static Protos.ServerMessage ToProto(ServerMessage message) => message switch
    {
        Reply reply => new() { Reply = ReplyMapping.ToProto(reply) },
        DirectoryDelta delta => new() { DirectoryDelta = DirectoryMapping.ToProto(delta) },
        PageMessage page => new() { DirectoryPage = DirectoryMapping.ToProto(page) },
        CapGrant grant => new() { CapGrant = CapMapping.ToProto(grant) },
        CapRevoke revoke => new() { CapRevoke = CapMapping.ToProto(revoke) },
        Recall recall => new() { Recall = new Protos.Recall { Target = recall.Target } },
        Renewed renewed => new() { Renewed = new Protos.Renewed { SentAt = renewed.SentAt } },
        Reclaimed => new() { Reclaimed = new Protos.Reclaimed() },
        SessionOpened opened => new() { SessionOpened = SessionMapping.ToProto(opened) },
        SessionStale => new() { SessionStale = new Protos.SessionStale() },
        SessionEvicted evicted => new() { SessionEvicted = new Protos.SessionEvicted { Reason = evicted.Reason } },
        _ => throw new ArgumentException($"{message.GetType().Name} does not cross the wire.", nameof(message)),
    };

    private static ServerMessage Decode(Protos.ServerMessage proto) => proto.KindCase switch
    {
        Kind.Reply => ReplyMapping.Decode(proto.Reply),
        Kind.DirectoryDelta => DirectoryMapping.Decode(proto.DirectoryDelta),
        Kind.DirectoryPage => DirectoryMapping.Decode(proto.DirectoryPage),
        Kind.CapGrant => CapMapping.Decode(proto.CapGrant),
        Kind.CapRevoke => CapMapping.Decode(proto.CapRevoke),
        Kind.Recall => new Recall(WireField.NotNegative(proto.Recall.Target, "Recall target")),
        Kind.Renewed => new Renewed(proto.Renewed.SentAt),
        Kind.Reclaimed => new Reclaimed(),
        Kind.SessionOpened => SessionMapping.Decode(proto.SessionOpened),
        Kind.SessionStale => new SessionStale(),
        Kind.SessionEvicted => new SessionEvicted(proto.SessionEvicted.Reason),
        _ => throw new WireException("A server message of no known kind."),
    };
}
