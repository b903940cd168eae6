using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

// What failed, once more: a job of its own, written down before anything of it is sent.
public sealed partial class FileSystemClient
{
    private OperationJob Again(OperationJob finished) => finished switch
    {
        { IsFinished: false } => throw new ArgumentException("A job that goes on cannot be done again.", nameof(finished)),
        TransferJob transfer => Start(transfer.Request with { Items = transfer.Left }),
        TrackedJob { DoesTheRest: { } rest } => rest(),
        TrackedJob { Tree: not null } removal => AgainTrees(removal),
        TrackedJob tracked => Again(tracked),
        _ => throw new ArgumentException("Not a job of this client.", nameof(finished)),
    };

    private TrackedJob AgainTrees(TrackedJob finished)
    {
        InodeAddress[] rest;
        lock (_core.Gate)
            rest = _core.Operations.LeftOf(finished.Tree!);
        JobFile? file = Write(JobForm.RemoveTrees, JobKind.Delete, finished.Title, finished.Caller, finished.Directory, rest, r => new JobEntry(r));
        TrackedJob job;
        lock (_core.Gate)
            job = _core.Operations.Again(finished, file);
        _loop.Flush();
        return job;
    }

    private TrackedJob Again(TrackedJob finished)
    {
        TrackedOperation[] failed;
        lock (_core.Gate)
            failed = _core.Operations.FailedOf(finished);
        JobFile? file = WriteAgain(finished, finished.Title, failed);
        TrackedJob job;
        lock (_core.Gate)
            job = _core.Operations.Again(finished, file);
        _loop.Flush();
        return job;
    }

    /// <summary>
    /// Some of what failed, of a job that may go on meanwhile: what was asked for together is one job again. What was no part of a job is sent as it was.
    /// </summary>
    private void Resend(IReadOnlyList<TrackedOperation> failed)
    {
        TrackedOperation[] taken;
        lock (_core.Gate)
        {
            taken = [.. failed.Where(o => o is { State: OperationState.Failed, Node: not null })]; // Once, whoever else asks.
            Array.ForEach(taken, _core.Operations.Dismiss);
        }
        foreach (IGrouping<OperationJob?, TrackedOperation> some in taken.GroupBy(o => o.Job))
        {
            TrackedOperation[] operations = [.. some];
            switch (some.Key)
            {
                case TransferJob transfer when transfer.TakeLeft(operations) is { Count: > 0 } items:
                    Start(transfer.Request with { Items = items, Remake = [], Restore = [], Title = items.Count == 1 ? $"{transfer.Kind} {items[0].Source.Name}" : $"{transfer.Kind} {items.Count:N0} items" });
                    break;
                case TrackedJob job:
                    string title = TitleOf(job.Kind, operations);
                    JobFile? file = WriteAgain(job, title, operations);
                    lock (_core.Gate)
                    {
                        TrackedJob again = _core.Operations.AddJob(job.Kind, title, job.Caller, operations[0].Directory, operations.Length, file);
                        again.Change = job.Change;
                        foreach (TrackedOperation operation in operations)
                            _core.Operations.Resend(operation, again);
                    }
                    break;
                default:
                    lock (_core.Gate)
                    {
                        foreach (TrackedOperation operation in operations)
                            _core.Operations.Resend(operation, null);
                    }
                    break;
            }
        }
        _loop.Flush();
    }

    private static string TitleOf(JobKind kind, TrackedOperation[] operations)
    {
        string what = operations.Length == 1 ? $"{operations[0].Name}" : $"{operations.Length:N0} items";
        return kind switch
        {
            JobKind.Trash => $"Move {what} to trash",
            JobKind.Restore => $"Restore {what}",
            JobKind.Purge => $"Delete {what} for good",
            JobKind.Attributes => $"Change attributes of {what}",
            _ => $"Delete {what}",
        };
    }

    private JobFile? WriteAgain(TrackedJob job, string title, TrackedOperation[] failed)
    {
        // An undo of a copy is both.
        JobForm form = job.Kind switch
        {
            JobKind.Trash => Array.Exists(failed, o => o.Kind == OperationKind.Restore) ? JobForm.UndoCopy : JobForm.MoveToTrash,
            JobKind.Restore => JobForm.Restore,
            JobKind.Purge => JobForm.Purge,
            JobKind.Attributes => JobForm.Attributes,
            _ => JobForm.Remove,
        };
        return form == JobForm.Attributes && job.Change is null ? null : Write(form, job.Kind, title, job.Caller, job.Directory, failed, JobEntryOf, job.Change);
    }

    private static JobEntry JobEntryOf(TrackedOperation operation) => operation.Request switch
    {
        RestoreOperation restore => new JobEntry(new InodeAddress(restore.Dir, restore.Name, restore.Id.Ino)) { Trash = restore.Id },
        PurgeOperation purge => new JobEntry(new InodeAddress(InodeId.Trash, operation.Name, purge.Id.Ino)) { Trash = purge.Id },
        SetAttrOperation change => new JobEntry(change.Target) { Attributes = new InodeAttributes { Ino = change.Target.Ino, Mode = InodeAttributes.ModeOf(FileKind.File, 0) } },
        RmdirOperation rmdir => new JobEntry(new InodeAddress(rmdir.Dir, rmdir.Name, rmdir.Ino)) { Attributes = new InodeAttributes { Ino = rmdir.Ino, Mode = InodeAttributes.ModeOf(FileKind.Directory, 0) } },
        _ => new JobEntry(new InodeAddress(operation.Directory, operation.Name, operation.Subject)),
    };
}
