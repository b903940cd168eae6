using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Microsoft.Extensions.Logging;

namespace Capstan.ClientGateway;

// The way back: a job of its own, written down before the file of the one that it takes back goes.
public sealed partial class FileSystemClient
{
    private async Task<OperationJob?> UndoAsync(OperationJob job)
    {
        job.WantUndo();
        await job.Completion;
        OperationJob? undo = Undo(job);
        if (undo is not null)
            job.Discard(); // The way back is written down by now.
        return undo;
    }

    private OperationJob? Undo(OperationJob job)
    {
        switch (job)
        {
            case TrackedJob { Kind: JobKind.Trash } trashed when trashed.TryBeginUndo():
                return RestoreMany(job.Caller, trashed.Trashed, trashed.Notes as JobFile);
            case TransferJob { Kind: JobKind.Move } moved when moved.TryBeginUndo():
                return Start(
                    new TransferRequest
                    {
                        Kind = JobKind.Move,
                        Title = $"Undo: {job.Title}",
                        Caller = job.Caller,
                        // The last first: what a directory was put into is moved back after it.
                        Items = [.. moved.Undo.Moved.AsEnumerable().Reverse()],
                        Remake = [.. moved.Undo.Emptied.AsEnumerable().Reverse()],
                        Restore = [.. moved.Undo.Replaced],
                    },
                    moved.File);
            case TransferJob copied when copied.TryBeginUndo():
                return UndoCopy(copied);
            default:
                return null;
        }
    }

    private TrackedJob UndoCopy(TransferJob copied)
    {
        // What is restored is on the same names, and therefore behind what goes.
        JobEntry[] steps =
        [
            .. copied.Undo.Made.Select(made => new JobEntry(made)),
            .. copied.Undo.Replaced.Select(place => new JobEntry(new InodeAddress(place.Directory, place.Name, place.Id.Ino)) { Trash = place.Id }),
        ];
        InodeId directory = copied.Undo.Made.Count > 0 ? copied.Undo.Made[0].Dir : copied.Directory;
        string title = $"Undo: {copied.Title}";
        return RunMany(
            JobKind.Trash, title, copied.Caller, directory, steps,
            (step, job) => step.Trash is { } id ? AddRestore(copied.Caller, new TrashPlace(id, step.Source.Dir, step.Source.Name), job) : AddMoveToTrash(copied.Caller, step.Source.Dir, EntryOf(step), job),
            Write(JobForm.UndoCopy, JobKind.Trash, title, copied.Caller, directory, steps, step => step, undone: copied.File),
            step => step);
    }

    /// <summary>
    /// A job that an earlier process was to undo. (1) Nothing of it is begun any more; (2) what was under way at the end of that process is looked for; (3) what it has done is
    /// taken back. The wish stays on disk until the way back is.
    /// </summary>
    private void RecoverUndo(JobFile file, JobRecord record, JobEnd? end, bool asks, TimeSpan age)
    {
        int done = DoneBefore(file).Count;
        OperationJob shown;
        Func<Task<bool>> settle;
        Action<Action> interrupt;
        lock (_core.Gate)
        {
            if (record.Form == JobForm.Transfer)
            {
                TransferJob transfer = new(_core.Operations, _core.Time, _core.Operations.NewJobId(), TransferRecord.ToRequest(record, file.Notes), record.Scope, file) { AgeBefore = age, DoneBefore = done };
                transfer.MarkToBeUndone();
                _core.Operations.AddJob(transfer);
                TransferRun run = new(this, _core, transfer, file, _logger);
                settle = async () =>
                {
                    bool isSettled = await run.SettleAsync(DateTimeOffset.FromUnixTimeMilliseconds(record.StartedAt)).ConfigureAwait(false);
                    if (isSettled)
                        transfer.HasEnded(end ?? Stopped(record, transfer.Undo.Count, age), []);
                    return isSettled;
                };
                (shown, interrupt) = (transfer, transfer.Interrupt);
            }
            else
            {
                TrackedJob job = _core.Operations.AddJob(record.Kind, record.Title, record.Caller, record.Entries[0].Source.Dir, record.Entries.Count, file, record.Scope, age);
                job.MarkToBeUndone();
                foreach (JobNote note in file.Notes.Where(n => n.Kind == JobNoteKind.Trashed))
                    job.AddTrashed(TransferRecord.ToPlace(note));
                settle = async () =>
                {
                    if (end is null && record.Kind == JobKind.Trash)
                        await AddTrashedSinceAsync(job, record).ConfigureAwait(false);
                    JobEnd stopped = end ?? Stopped(record, Math.Max(done, job.Trashed.Count), age);
                    if (_core.IsClosed)
                        return false;
                    job.HasEnded(stopped.Done, stopped.Failed, stopped.Cancelled, stopped.Duration);
                    return true;
                };
                (shown, interrupt) = (job, job.Interrupt);
            }
            if (asks)
                interrupt(Begin);
        }
        if (!asks)
            Begin();

        void Begin() => _ = Task.Run(async () =>
        {
            try
            {
                await TakeBackAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // The wish is on disk still: whoever made it tries again, or drops it.
                LogUndoBroken(e, shown.Title);
                lock (_core.Gate)
                {
                    interrupt(Begin);
                    _core.Operations.Changed();
                }
            }
        });

        async Task TakeBackAsync()
        {
            if (!await settle().ConfigureAwait(false))
                return; // It goes on after the next start.
            bool isBegun = Undo(shown) is not null;
            lock (_core.Gate)
            {
                if (isBegun)
                    shown.Discard();
                else
                    _core.Operations.Dismiss(shown);
            }
        }
    }

    [LoggerMessage(3501, LogLevel.Error, "“{Title}” could not be taken back after the restart; it waits as interrupted.")]
    private partial void LogUndoBroken(Exception e, string title);

    private static JobEnd Stopped(JobRecord record, int done, TimeSpan duration)
    {
        int total = record.Entries.Count;
        done = Math.Min(total, done);
        return new JobEnd(total, done, 0, total - done, 0, duration);
    }

    /// <summary>What the job has put into the trash, also where that was not noted any more.</summary>
    private async Task AddTrashedSinceAsync(TrackedJob job, JobRecord record)
    {
        Dictionary<InodeId, TrashId> inTrash = await TrashedSinceAsync(record.Caller, DateTimeOffset.FromUnixTimeMilliseconds(record.StartedAt)).ConfigureAwait(false);
        HashSet<InodeId> noted = [.. job.Trashed.Select(p => p.Id.Ino)];
        foreach (JobEntry entry in record.Entries.Where(e => e.Trash is null && inTrash.ContainsKey(e.Source.Ino) && !noted.Contains(e.Source.Ino)))
        {
            TrashPlace place = new(inTrash[entry.Source.Ino], entry.Source.Dir, entry.Source.Name);
            job.AddTrashed(place);
            job.Notes?.Trashed(place);
        }
    }
}
