using Capstan.Shared.Messages;

namespace Capstan.Shared.Wire;

/// <summary>
/// Runs of successes: those that the rules made as one, and bare ones with consecutive tids, of which each made the next version of one
/// directory, or none made any.
/// </summary>
internal static class ReplyRunPacking
{
    /// <summary>How many of the messages from <paramref name="start"/> make one run; 1 is no run.</summary>
    public static int Measure(IReadOnlyList<ServerMessage> messages, int start, int maxCount)
    {
        if (messages[start] is not Reply first || !IsBare(first))
            return 1;
        int count = 1;
        while (count < maxCount && start + count < messages.Count
            && messages[start + count] is Reply next && next.Tid == first.Tid + count && IsBare(next)
            && Follows(first, next, count))
        {
            count++;
        }
        return count;
    }

    public static Protos.ReplyRun Pack(IReadOnlyList<ServerMessage> messages, int start, int count)
    {
        Reply first = (Reply)messages[start];
        Protos.ReplyRun run = new() { FirstTid = first.Tid, Count = count };
        if (first.Changed.Count == 1)
        {
            run.Versions = true;
            run.Dir = first.Changed[0].Dir.Value;
            run.From = first.Changed[0].From.Value;
        }
        return run;
    }

    public static Protos.ReplyRun Pack(ReplyRun run)
    {
        Protos.ReplyRun proto = new() { FirstTid = run.FirstTid, Count = run.Count, Attributes = run.Made?.ToProto() };
        if (run.Changed is var (dir, from))
        {
            proto.Versions = true;
            proto.Dir = dir.Value;
            proto.From = from.Value;
        }
        return proto;
    }

    public static ReplyRun Unpack(Protos.ReplyRun run, int room)
    {
        int count = run.Count;
        if (count <= 0 || count > room)
            throw new WireException($"A run of {count} replies in a frame of at most {FrameLimits.MaxMessages} messages.");
        long tid = WireField.Tid(run.FirstTid);
        long from = WireField.NotNegative(run.From, "Directory version");
        if (Math.Max(tid, from) > long.MaxValue - count)
            throw new WireException($"Tid {tid} or version {from} leaves no room for {count} replies.");
        InodeAttributes? made = run.Attributes?.ToAttributes();
        if (made?.Ino.Value > ulong.MaxValue - (ulong)count)
            throw new WireException($"Inode {made.Ino} leaves no room for {count} replies.");
        return new ReplyRun(tid, count, run.Versions ? (new InodeId(run.Dir), new DirectoryVersion(from)) : null, made);
    }

    private static bool IsBare(Reply reply) =>
        reply is { Errno: FsErrno.Ok, Attributes.Count: 0, Data.Length: 0, Names.Count: 0, Statistics: null, Trash.Count: 0, Version.Value: 0, IsLate: false, Changed.Count: 0 or 1, Times: null or { Served.Ticks: 0 } }
        && (reply.Changed.Count == 0 || reply.Changed[0].To == reply.Changed[0].From.Next);

    private static bool Follows(Reply first, Reply next, int distance) =>
        first.Changed.Count == next.Changed.Count
        && (next.Changed.Count == 0
            || (next.Changed[0].Dir == first.Changed[0].Dir && next.Changed[0].From.Value == first.Changed[0].From.Value + distance));
}
