using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

// Copies and moves, and the way back.
public sealed partial class FileSystemClient
{
    public OperationJob Transfer(TransferRequest request)
    {
        if (request.Kind is not (JobKind.Copy or JobKind.Move))
            throw new ArgumentException("A transfer is a copy or a move.", nameof(request));
        if (request.Items.Any(i => i.Source.Dir.IsNone || i.Source.Name.IsEmpty || i.Source.Ino.IsNone || i.Name.IsEmpty))
            throw new ArgumentException("An entry is named by its directory, its name and its number.", nameof(request));
        return Start(request);
    }

    /// <summary>What is under a name now, whoever made it.</summary>
    internal async Task<FsResult<InodeAttributes>> LookUpAsync(Caller caller, InodeId directory, FileName name)
    {
        await NameIsSettledAsync(directory, name, CancellationToken.None);
        FsResult<Reply> reply = await CallAsync(caller, new LookupOperation(directory, [name], CapBits.None), CancellationToken.None);
        return !reply.IsOk ? reply.Errno : reply.Value.Attributes.Count == 1 ? reply.Value.Attributes[0] : FsErrno.NoEntry;
    }

    private TransferJob Start(TransferRequest request)
    {
        string scope = "";
        if (request.Items.Count > 0)
        {
            lock (_core.Gate)
                scope = _core.Operations.PlaceOf(request.Items[0].Source.Dir);
        }
        JobFile? file = request.Items.Count == 0 ? null : Journal?.Begin(TransferRecord.Of(request, scope));
        foreach (EmptiedDirectory directory in request.Remake)
            file?.Note(TransferRecord.Of(JobNoteKind.Remake, directory));
        foreach (TrashPlace place in request.Restore)
            file?.Note(TransferRecord.Of(JobNoteKind.Restore, place));
        if (request.Remake.Count + request.Restore.Count > 0)
            file?.Flush(durably: true);
        return Start(request, file, scope, asks: false);
    }

    private TransferJob Start(TransferRequest request, JobFile? file, string scope, bool asks, TimeSpan age = default)
    {
        TransferJob job;
        lock (_core.Gate)
        {
            job = new TransferJob(_core.Operations, _core.Time, _core.Operations.NewJobId(), request, scope, file) { AgeBefore = age, DoneBefore = file is null ? 0 : DoneBefore(file).Count };
            _core.Operations.AddJob(job);
        }
        TransferRun run = new(this, _core, job, file, _logger);
        if (asks)
            job.Interrupt(Begin);
        else
            Begin();
        return job;

        void Begin() => _ = Task.Run(run.RunAsync);
    }

    private async Task<OperationJob?> UndoAsync(OperationJob job)
    {
        job.Cancel();
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
                return RestoreMany(job.Caller, trashed.Trashed);
            case TransferJob { Kind: JobKind.Move } moved when moved.TryBeginUndo():
                return Start(new TransferRequest
                {
                    Kind = JobKind.Move,
                    Title = $"Undo: {job.Title}",
                    Caller = job.Caller,
                    // The last first: what a directory was put into is moved back after it.
                    Items = [.. moved.Undo.Moved.AsEnumerable().Reverse()],
                    Remake = [.. moved.Undo.Emptied.AsEnumerable().Reverse()],
                    Restore = [.. moved.Undo.Replaced],
                });
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
        return RunMany(
            JobKind.Trash, $"Undo: {copied.Title}", copied.Caller, directory, steps,
            (step, job) => step.Trash is { } id ? AddRestore(copied.Caller, new TrashPlace(id, step.Source.Dir, step.Source.Name), job) : AddMoveToTrash(copied.Caller, step.Source.Dir, EntryOf(step), job),
            JobForm.UndoCopy, step => step);
    }
}
