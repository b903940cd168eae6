using System.Buffers;
using Capstan.Shared.Messages;
using Google.Protobuf;

namespace Capstan.Shared.Wire;

/// <summary>A run of removals or creates: each name costs its bytes, its length, and of a removal the inode number.</summary>
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
        Protos.UnlinkRun removals = new()
        {
            FirstTid = firstTid,
            OldestTid = run.OldestTid,
            Retry = run.Retry,
            Caller = caller,
            Dir = run.Operations[start] switch { TrashOperation o => o.Dir.Value, var o => ((UnlinkOperation)o).Dir.Value },
            Names = names,
        };
        removals.Inos.Capacity = count;
        for (int i = start; i < start + count; i++)
            removals.Inos.Add(run.Operations[i] switch { TrashOperation o => o.Ino.Value, var o => ((UnlinkOperation)o).Ino.Value });
        size += count * MaxVarint;
        return run.Operations[start] is TrashOperation ? new Protos.ClientMessage { TrashRun = removals } : new Protos.ClientMessage { UnlinkRun = removals };
    }

    /// <param name="toTrash">Moves to the trash: a number none is no such move.</param>
    public static void Unpack(Protos.UnlinkRun run, bool toTrash, int room, ref CallerMemory callers, List<ClientMessage> messages)
    {
        InodeId dir = new(run.Dir);
        int count = run.Inos.Count;
        if (count > room)
            throw TooMany(room);
        List<FsOperation> operations = new(count);
        ReadOnlySpan<byte> names = run.Names.Span;
        for (int i = 0; i < count; i++)
        {
            FsErrno errno = TakeName(ref names, out FileName name);
            InodeId ino = new(run.Inos[i]);
            if (errno == FsErrno.Ok && toTrash && ino.IsNone)
                errno = FsErrno.Invalid;
            operations.Add(errno != FsErrno.Ok ? new MalformedOperation(errno) : toTrash ? new TrashOperation(dir, name, ino) : new UnlinkOperation(dir, name, ino));
        }
        if (!names.IsEmpty)
            throw new WireException($"A run of {count} removals has more names.");
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
            ReadOnlySpan<byte> name = RequestRun.NameOf(operations[i]).Span;
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

    private static int SizeOf(FsOperation operation) => 1 + RequestRun.NameOf(operation).Length + (operation is CreateOperation ? 0 : MaxVarint);

    private static WireException TooMany(int room) => new($"A run of more than the {room} requests that its frame may still hold.");
}
