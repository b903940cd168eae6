using System.Buffers;
using Capstan.Shared.Messages;
using Google.Protobuf;

namespace Capstan.Shared.Wire;

/// <summary>
/// A run of unlinks: consecutive tids, one directory, one caller. A bulk delete is a few of these instead of thousands of
/// requests: each name costs its bytes, its length, and its inode number.
/// </summary>
internal static class UnlinkRunPacking
{
    private const int MaxVarint = 10;

    /// <summary>Bytes of one more unlink in a run, at most.</summary>
    public static int SizeOf(UnlinkOperation op) => 1 + op.Name.Length + MaxVarint;

    /// <summary>How many of the messages from <paramref name="start"/> make one run within the bounds; 1 is no run.</summary>
    public static int Measure(IReadOnlyList<ClientMessage> messages, int start, int maxCount, int maxBytes)
    {
        if (messages[start] is not Request { Operation: UnlinkOperation firstOp } first)
            return 1;
        int bytes = SizeOf(firstOp);
        int count = 1;
        while (count < maxCount && start + count < messages.Count
            && messages[start + count] is Request { Operation: UnlinkOperation op } next
            && next.Tid == first.Tid + count && next.Retry == first.Retry && op.Dir == firstOp.Dir
            && CallerMemory.AreSame(next.Caller, first.Caller)
            && (bytes += SizeOf(op)) <= maxBytes)
        {
            count++;
        }
        return count;
    }

    public static Protos.UnlinkRun Pack(IReadOnlyList<ClientMessage> messages, int start, int count, ref CallerMemory callers, out int size)
    {
        Request first = (Request)messages[start];
        Protos.UnlinkRun run = new()
        {
            FirstTid = first.Tid,
            // A run has one; the smallest is true of them all.
            OldestTid = first.OldestTid,
            Retry = first.Retry,
            Caller = callers.Encode(first.Caller),
            Dir = ((UnlinkOperation)first.Operation).Dir.Value,
        };
        run.Inos.Capacity = count;
        byte[] names = ArrayPool<byte>.Shared.Rent(count * (1 + FileName.MaxLength));
        int used = 0;
        for (int i = 0; i < count; i++)
        {
            Request request = (Request)messages[start + i];
            UnlinkOperation op = (UnlinkOperation)request.Operation;
            ReadOnlySpan<byte> name = op.Name.Span;
            names[used++] = (byte)name.Length;
            name.CopyTo(names.AsSpan(used));
            used += name.Length;
            run.Inos.Add(op.Ino.Value);
            if (request.OldestTid < run.OldestTid)
                run.OldestTid = request.OldestTid;
        }
        run.Names = ByteString.CopyFrom(names, 0, used);
        ArrayPool<byte>.Shared.Return(names);
        size = used + (count * MaxVarint);
        return run;
    }

    public static void Unpack(Protos.UnlinkRun run, ref CallerMemory callers, List<ClientMessage> messages)
    {
        FsErrno callerErrno = callers.TryDecode(run.Caller, out Caller caller);
        int count = run.Inos.Count;
        if (count == 0 || messages.Count + count > FrameLimits.MaxMessages)
            throw new WireException($"A run of {count} unlinks in a frame of at most {FrameLimits.MaxMessages} messages.");
        long tid = WireField.Tid(run.FirstTid);
        if (tid > long.MaxValue - count)
            throw new WireException($"Tid {tid} leaves no room for {count} unlinks.");
        long oldestTid = WireField.NotNegative(run.OldestTid, "Oldest tid");
        InodeId dir = new(run.Dir);
        ReadOnlySpan<byte> names = run.Names.Span;
        for (int i = 0; i < count; i++)
        {
            if (names.IsEmpty || names.Length <= names[0])
                throw new WireException($"A run of {count} unlinks has fewer names.");
            FsErrno errno = FileName.TryCreate(names.Slice(1, names[0]), out FileName name);
            names = names[(1 + names[0])..];
            if (callerErrno != FsErrno.Ok)
                errno = callerErrno;
            FsOperation operation = errno == FsErrno.Ok ? new UnlinkOperation(dir, name, new InodeId(run.Inos[i])) : new MalformedOperation(errno);
            messages.Add(new Request(tid + i, oldestTid, run.Retry, caller, operation));
        }
        if (!names.IsEmpty)
            throw new WireException($"A run of {count} unlinks has more names.");
    }
}
