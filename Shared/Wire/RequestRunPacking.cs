using System.Buffers;
using Capstan.Shared.Messages;
using Google.Protobuf;

namespace Capstan.Shared.Wire;

/// <summary>A run of unlinks or creates: each name costs its bytes, its length, and of an unlink the inode number.</summary>
internal static class RequestRunPacking
{
    private const int MaxVarint = 10;

    /// <summary>How many operations from <paramref name="start"/> a message of these bounds may take; at least one.</summary>
    public static int Measure(RequestRun run, int start, int maxCount, int maxBytes)
    {
        int count = 1;
        int bytes = SizeOf(run.Operations[start]);
        while (count < maxCount && start + count < run.Count && (bytes += SizeOf(run.Operations[start + count])) <= maxBytes)
            count++;
        return count;
    }

    /// <param name="size">Bytes that the message takes, at most, besides its fixed fields.</param>
    public static Protos.ClientMessage Pack(RequestRun run, int start, int count, ref CallerMemory callers, out int size)
    {
        long firstTid = run.FirstTid + start;
        Protos.Caller caller = callers.Encode(run.Caller);
        ByteString names = PackNames(run.Operations, start, count);
        size = names.Length;
        if (run.Operations[start] is CreateOperation create)
        {
            return new Protos.ClientMessage
            {
                CreateRun = new Protos.CreateRun
                {
                    FirstTid = firstTid,
                    OldestTid = run.OldestTid,
                    Retry = run.Retry,
                    Caller = caller,
                    Dir = create.Dir.Value,
                    Names = names,
                    Mode = create.Mode,
                    Exclusive = create.Exclusive,
                },
            };
        }
        Protos.UnlinkRun unlinks = new()
        {
            FirstTid = firstTid,
            OldestTid = run.OldestTid,
            Retry = run.Retry,
            Caller = caller,
            Dir = ((UnlinkOperation)run.Operations[start]).Dir.Value,
            Names = names,
        };
        unlinks.Inos.Capacity = count;
        for (int i = start; i < start + count; i++)
            unlinks.Inos.Add(((UnlinkOperation)run.Operations[i]).Ino.Value);
        size += count * MaxVarint;
        return new Protos.ClientMessage { UnlinkRun = unlinks };
    }

    public static void Unpack(Protos.UnlinkRun run, int room, ref CallerMemory callers, List<ClientMessage> messages)
    {
        InodeId dir = new(run.Dir);
        int count = run.Inos.Count;
        if (count > room)
            throw TooMany(room);
        List<FsOperation> operations = new(count);
        ReadOnlySpan<byte> names = run.Names.Span;
        for (int i = 0; i < count; i++)
            operations.Add(TakeName(ref names, out FileName name) is var errno and not FsErrno.Ok ? new MalformedOperation(errno) : new UnlinkOperation(dir, name, new InodeId(run.Inos[i])));
        if (!names.IsEmpty)
            throw new WireException($"A run of {count} unlinks has more names.");
        Add(run.FirstTid, run.OldestTid, run.Retry, run.Caller, operations, ref callers, messages);
    }

    public static void Unpack(Protos.CreateRun run, int room, ref CallerMemory callers, List<ClientMessage> messages)
    {
        InodeId dir = new(run.Dir);
        FsErrno errno = FsErrno.Ok;
        uint mode = OperationDecoding.Mode(run.Mode, ref errno);
        List<FsOperation> operations = [];
        for (ReadOnlySpan<byte> names = run.Names.Span; !names.IsEmpty;)
        {
            if (operations.Count == room)
                throw TooMany(room);
            FsErrno own = TakeName(ref names, out FileName name);
            operations.Add((errno != FsErrno.Ok ? errno : own) is var bad and not FsErrno.Ok ? new MalformedOperation(bad) : new CreateOperation(dir, name, mode, run.Exclusive));
        }
        Add(run.FirstTid, run.OldestTid, run.Retry, run.Caller, operations, ref callers, messages);
    }

    private static ByteString PackNames(List<FsOperation> operations, int start, int count)
    {
        byte[] names = ArrayPool<byte>.Shared.Rent(count * (1 + FileName.MaxLength));
        int used = 0;
        for (int i = start; i < start + count; i++)
        {
            ReadOnlySpan<byte> name = NameOf(operations[i]).Span;
            names[used++] = (byte)name.Length;
            name.CopyTo(names.AsSpan(used));
            used += name.Length;
        }
        ByteString packed = ByteString.CopyFrom(names, 0, used);
        ArrayPool<byte>.Shared.Return(names);
        return packed;
    }

    private static FsErrno TakeName(ref ReadOnlySpan<byte> names, out FileName name)
    {
        if (names.IsEmpty || names.Length <= names[0])
            throw new WireException("A run has fewer names than it should.");
        FsErrno errno = FileName.TryCreate(names.Slice(1, names[0]), out name);
        names = names[(1 + names[0])..];
        return errno;
    }

    /// <summary>As a run, or where a part of it is malformed as requests of their own, so that each gets its answer.</summary>
    private static void Add(
        long firstTid, long oldestTid, bool retry, Protos.Caller? protoCaller, List<FsOperation> operations, ref CallerMemory callers, List<ClientMessage> messages)
    {
        if (operations.Count == 0)
            throw new WireException("A run of nothing.");
        if (WireField.Tid(firstTid) > long.MaxValue - operations.Count)
            throw new WireException($"Tid {firstTid} leaves no room for {operations.Count} requests.");
        FsErrno errno = callers.TryDecode(protoCaller, out Caller caller);
        if (errno != FsErrno.Ok)
            operations = [.. operations.Select(_ => new MalformedOperation(errno))];
        RequestRun run = new(firstTid, WireField.NotNegative(oldestTid, "Oldest tid"), retry, caller, operations);
        if (!operations.Exists(o => o is MalformedOperation))
        {
            messages.Add(run);
            return;
        }
        for (int i = 0; i < run.Count; i++)
            messages.Add(run[i]);
    }

    private static int SizeOf(FsOperation operation) => 1 + NameOf(operation).Length + (operation is UnlinkOperation ? MaxVarint : 0);

    private static FileName NameOf(FsOperation operation) => operation is UnlinkOperation unlink ? unlink.Name : ((CreateOperation)operation).Name;

    private static WireException TooMany(int room) => new($"A run of more than the {room} requests that its frame may still hold.");
}
