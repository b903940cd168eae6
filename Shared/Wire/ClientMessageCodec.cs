using Capstan.Shared.Messages;
using Kind = Capstan.Shared.Protos.ClientMessage.KindOneofCase;

namespace Capstan.Shared.Wire;

/// <summary>What a gateway says, to frames and back. Order is kept; a run that a frame does not hold goes on in the next.</summary>
public static class ClientMessageCodec
{
    public static List<Protos.ClientFrame> Encode(IReadOnlyList<ClientMessage> messages)
    {
        List<Protos.ClientFrame> frames = [];
        Protos.ClientFrame? frame = null;
        FrameBudget budget = default;
        CallerMemory callers = default;
        foreach (ClientMessage message in messages)
        {
            int packed = 0;
            for (int all = message is RequestRun { Count: var count } ? count : 1; packed < all;)
            {
                if (frame is null || budget.IsSpent)
                    frame = Begin(frames, ref budget);
                int taken = 1;
                int size;
                Protos.ClientMessage proto;
                if (message is RequestRun run)
                {
                    taken = RequestRunPacking.Measure(run, packed, budget.Messages, budget.Bytes);
                    proto = RequestRunPacking.Pack(run, packed, taken, ref callers, out size);
                }
                else
                {
                    proto = ToProto(message, ref callers);
                    size = proto.CalculateSize();
                }
                if (!budget.Holds(size))
                    frame = Begin(frames, ref budget);
                frame.Messages.Add(proto);
                budget.Take(taken, size);
                packed += taken;
            }
        }
        return frames;
    }

    public static List<ClientMessage> Decode(Protos.ClientFrame frame)
    {
        List<ClientMessage> messages = new(frame.Messages.Count);
        CallerMemory callers = default;
        int count = 0;
        foreach (Protos.ClientMessage proto in frame.Messages)
        {
            if (count >= FrameLimits.MaxMessages)
                throw new WireException($"More than {FrameLimits.MaxMessages} messages in a frame.");
            int before = messages.Count;
            if (proto.KindCase == Kind.UnlinkRun)
                RequestRunPacking.Unpack(proto.UnlinkRun, toTrash: false, FrameLimits.MaxMessages - count, ref callers, messages);
            else if (proto.KindCase == Kind.TrashRun)
                RequestRunPacking.Unpack(proto.TrashRun, toTrash: true, FrameLimits.MaxMessages - count, ref callers, messages);
            else if (proto.KindCase == Kind.CreateRun)
                RequestRunPacking.Unpack(proto.CreateRun, FrameLimits.MaxMessages - count, ref callers, messages);
            else
                messages.Add(Decode(proto, ref callers));
            count += messages[^1] is RequestRun run ? run.Count : messages.Count - before;
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
