using Capstan.Shared.Messages;
using Kind = Capstan.Shared.Protos.ClientMessage.KindOneofCase;

namespace Capstan.Shared.Wire;

/// <summary>What a gateway says, to frames and back. Order is kept; a run of unlinks is packed.</summary>
public static class ClientMessageCodec
{
    public static List<Protos.ClientFrame> Encode(IReadOnlyList<ClientMessage> messages)
    {
        List<Protos.ClientFrame> frames = [];
        Protos.ClientFrame? frame = null;
        FrameBudget budget = default;
        CallerMemory callers = default;
        for (int i = 0; i < messages.Count;)
        {
            if (frame is null || budget.IsSpent)
                frame = Begin(frames, ref budget);
            int run = UnlinkRunPacking.Measure(messages, i, budget.Messages, budget.Bytes);
            int size = 0;
            Protos.ClientMessage message = run > 1
                ? new Protos.ClientMessage { UnlinkRun = UnlinkRunPacking.Pack(messages, i, run, ref callers, out size) }
                : ToProto(messages[i], ref callers);
            if (run == 1 && !budget.Holds(size = message.CalculateSize()))
                frame = Begin(frames, ref budget);
            frame.Messages.Add(message);
            budget.Take(run, size);
            i += run;
        }
        return frames;
    }

    public static List<ClientMessage> Decode(Protos.ClientFrame frame)
    {
        List<ClientMessage> messages = new(frame.Messages.Count);
        CallerMemory callers = default;
        foreach (Protos.ClientMessage proto in frame.Messages)
        {
            if (messages.Count >= FrameLimits.MaxMessages)
                throw new WireException($"More than {FrameLimits.MaxMessages} messages in a frame.");
            if (proto.KindCase == Kind.UnlinkRun)
                UnlinkRunPacking.Unpack(proto.UnlinkRun, ref callers, messages);
            else
                messages.Add(Decode(proto, ref callers));
        }
        return messages;
    }

    private static Protos.ClientFrame Begin(List<Protos.ClientFrame> frames, ref FrameBudget budget)
    {
        Protos.ClientFrame frame = new();
        frames.Add(frame);
        budget = FrameBudget.Full;
        return frame;
    }

    private static Protos.ClientMessage ToProto(ClientMessage message, ref CallerMemory callers) => message switch
    {
        Request request => new() { Request = OperationEncoding.ToProto(request, callers.Encode(request.Caller)) },
        CapAck ack => new() { CapAck = CapMapping.ToProto(ack) },
        CapRelease release => new() { CapRelease = CapMapping.ToProto(release) },
        DeltaAck ack => new() { DeltaAck = DirectoryMapping.ToProto(ack) },
        ReaddirCredit credit => new() { ReaddirCredit = DirectoryMapping.ToProto(credit) },
        ReaddirCancel cancel => new() { ReaddirCancel = DirectoryMapping.ToProto(cancel) },
        Renew renew => new() { Renew = SessionMapping.ToProto(renew) },
        Reclaim reclaim => new() { Reclaim = CapMapping.ToProto(reclaim) },
        SessionOpen open => new() { SessionOpen = SessionMapping.ToProto(open) },
        SessionClose => new() { SessionClose = new Protos.SessionClose() },
        _ => throw new ArgumentException($"{message.GetType().Name} does not cross the wire.", nameof(message)),
    };

    private static ClientMessage Decode(Protos.ClientMessage proto, ref CallerMemory callers) => proto.KindCase switch
    {
        Kind.Request => OperationDecoding.Decode(proto.Request, ref callers),
        Kind.CapAck => CapMapping.Decode(proto.CapAck),
        Kind.CapRelease => CapMapping.Decode(proto.CapRelease),
        Kind.DeltaAck => DirectoryMapping.Decode(proto.DeltaAck),
        Kind.ReaddirCredit => DirectoryMapping.Decode(proto.ReaddirCredit),
        Kind.ReaddirCancel => DirectoryMapping.Decode(proto.ReaddirCancel),
        Kind.Renew => SessionMapping.Decode(proto.Renew),
        Kind.Reclaim => CapMapping.Decode(proto.Reclaim),
        Kind.SessionOpen => SessionMapping.Decode(proto.SessionOpen),
        Kind.SessionClose => new SessionClose(),
        _ => throw new WireException("A client message of no known kind."),
    };
}
