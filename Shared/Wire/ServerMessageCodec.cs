using Capstan.Shared.Messages;
using Kind = Capstan.Shared.Protos.ServerMessage.KindOneofCase;

namespace Capstan.Shared.Wire;

/// <summary>What the MDS says, to frames and back. Order is kept; runs of successes are packed.</summary>
public static class ServerMessageCodec
{
    public static List<Protos.ServerFrame> Encode(IReadOnlyList<ServerMessage> messages)
    {
        List<Protos.ServerFrame> frames = [];
        Protos.ServerFrame? frame = null;
        FrameBudget budget = default;
        int packed = 0; // Of the run at hand.
        for (int i = 0; i < messages.Count;)
        {
            if (frame is null || budget.IsSpent)
                frame = Begin(frames, ref budget);
            int taken;
            Protos.ServerMessage proto;
            if (messages[i] is ReplyRun run)
            {
                taken = Math.Min(run.Count - packed, budget.Messages);
                proto = new Protos.ServerMessage { ReplyRun = ReplyRunPacking.Pack(run.Part(packed, taken)) };
                packed += taken;
                if (packed == run.Count)
                    (packed, i) = (0, i + 1);
            }
            else
            {
                taken = ReplyRunPacking.Measure(messages, i, budget.Messages);
                proto = taken > 1 ? new Protos.ServerMessage { ReplyRun = ReplyRunPacking.Pack(messages, i, taken) } : ToProto(messages[i]);
                i += taken;
            }
            int size = proto.CalculateSize();
            if (!budget.Holds(size))
                frame = Begin(frames, ref budget);
            frame.Messages.Add(proto);
            budget.Take(taken, size);
        }
        return frames;
    }

    public static List<ServerMessage> Decode(Protos.ServerFrame frame)
    {
        List<ServerMessage> messages = new(frame.Messages.Count);
        int count = 0;
        foreach (Protos.ServerMessage proto in frame.Messages)
        {
            if (count >= FrameLimits.MaxMessages)
                throw new WireException($"More than {FrameLimits.MaxMessages} messages in a frame.");
            ServerMessage message = proto.KindCase == Kind.ReplyRun ? ReplyRunPacking.Unpack(proto.ReplyRun, FrameLimits.MaxMessages - count) : Decode(proto);
            messages.Add(message);
            count += message is ReplyRun run ? run.Count : 1;
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
        Told told => new() { Told = new Protos.Told { Token = told.Token } },
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
        Kind.Told => new Told(proto.Told.Token),
        Kind.SessionEvicted => new SessionEvicted(proto.SessionEvicted.Reason),
        _ => throw new WireException("A server message of no known kind."),
    };
}
