using Capstan.ClientGateway;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

// What takes more than one request, or goes another way than the session's stream: the trash, whole trees, contents, flushes.
internal sealed partial class User
{
    private readonly Dictionary<(GatewayCore Core, InodeId Dir), long> _observed = [];

    /// <summary>A content that was asked for has its answer: its user is told when this gateway shows it.</summary>
    public void Answered(ContentWrite write)
    {
        if (write.Errno == FsErrno.Ok && !write.Mark.Come.IsCompleted)
            world.Meet("content's answer ahead of its deltas");
        reader.WaitFor(() => write.Errno == FsErrno.Ok ? Core.UntilSeen(write.Mark, write.Target.Dir) : null, () =>
        {
            Core.Session.Forget(write.Mark);
            write.Tell();
            return null;
        });
    }

    private void MoveToTrash(InodeId dir, FileName name, InodeAttributes entry) =>
        Add(OperationKind.Trash, new TrashOperation(dir, name, entry.Ino), dir, name, entry.Ino);

    /// <summary>Something that is in the trash, as far as anybody knows: back it goes, mostly to where it came from, or away for good. Now and then all of it.</summary>
    private void FromTrash()
    {
        if (world.Chance(0.1))
        {
            long now = (world.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            bool everybody = world.Chance(0.5);
            Add(OperationKind.Purge, new PurgeTrashOperation(now - (long)world.Milliseconds(100).TotalNanoseconds, everybody), InodeId.Trash, FileName.Create(everybody ? "all" : "own"));
            return;
        }
        if (ledger.Trashed is not { Count: > 0 } trashed)
            return;
        TrashPlace place = trashed[^world.Random.Next(1, Math.Min(trashed.Count, 12) + 1)];
        (InodeId dir, FileName name) = world.Chance(0.8) ? (place.Directory, place.Name) : (AnyDirectory(), AnyName);
        if (world.Chance(0.7))
            Add(OperationKind.Restore, new RestoreOperation(place.Id, dir, name), dir, name, second: (InodeId.Trash, place.Id.ToName()));
        else
            Add(OperationKind.Purge, new PurgeOperation(place.Id), InodeId.Trash, place.Id.ToName());
    }

    private void RemoveTree(InodeAddress root)
    {
        world.Say(gateway.Name, $"removes the tree {root.Dir}/{root.Name} {root.Ino}");
        world.Meet("tree removed");
        Core.Operations.RemoveTrees($"Delete {root.Name}", AnyCaller(), [root]);
    }

    /// <summary>Cancels one that is at it, or does again what an ended one has left.</summary>
    private void WithAJob()
    {
        if (Core.Operations.Jobs.Count == 0 || Core.Operations.Jobs[world.Random.Next(Math.Min(4, Core.Operations.Jobs.Count))] is not TrackedJob job)
            return;
        if (!job.IsFinished)
        {
            world.Say(gateway.Name, $"cancels '{job.Title}'");
            world.Meet("tree's removal cancelled");
            job.Cancel();
        }
        else if (job.Failed + job.Cancelled > 0)
        {
            world.Say(gateway.Name, $"does '{job.Title}' again");
            Core.Operations.Again(job);
        }
    }

    /// <summary>As FlushDirectory: waits for every operation of the directory, and is told of each failure once.</summary>
    private void Flush(InodeId dir)
    {
        GatewayCore core = Core;
        TrackedOperation[] live = core.Operations.Live(dir);
        world.Meet("directory flushed");
        Task[] ends = [.. live.Select(o => o.Completion)];
        reader.WaitFor(() => Array.Find(ends, end => !end.IsCompleted), () =>
        {
            long sequence = core.Operations.ErrorSequence(dir), before = _observed.GetValueOrDefault((core, dir));
            _observed[(core, dir)] = sequence;
            if (live.FirstOrDefault(o => !o.IsTerminal) is { } left)
                return $"{gateway.Name}: a flush of {dir} did not wait for {left.Kind} {left.Name}";
            if (sequence != ledger.Failures(core, dir))
                return $"{gateway.Name}: a flush of {dir} tells of {sequence} failures, there were {ledger.Failures(core, dir)}";
            if (sequence > before)
                world.Meet("failure told by a flush");
            return sequence > before && core.Operations.LastError(dir) == FsErrno.Ok ? $"{gateway.Name}: {dir} has failures without an errno" : null;
        });
    }

    /// <summary>A new content for a file, or a file that appears with its content.</summary>
    private void Write(InodeId dir, FileName name, InodeAttributes? entry)
    {
        // The face has what is in flight on a name come first: these calls keep no order with the session's.
        if (Core.Operations.FindPending(dir, name) is not null)
            return;
        ContentWrite write = new()
        {
            Core = Core,
            By = Core.Session.Id,
            Mark = Core.Session.NewMark(),
            Caller = AnyCaller(),
            Size = ledger.Contents.Count + 1,
            Target = new InodeAddress(dir, name, entry?.Ino ?? InodeId.None),
            IsNew = entry is null,
        };
        ledger.Add(write);
        world.Say(gateway.Name, $"sends {write}");
        gateway.Ask(write);
    }
}
