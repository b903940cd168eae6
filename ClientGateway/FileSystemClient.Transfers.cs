using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

// Copies and moves.
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

    /// <param name="undone">Of an undo: what it takes back.</param>
    private TransferJob Start(TransferRequest request, JobFile? undone = null)
    {
        string scope = "";
        if (request.Items.Count > 0)
        {
            lock (_core.Gate)
                scope = _core.Operations.PlaceOf(request.Items[0].Source.Dir);
        }
        bool isEmpty = request.Items.Count + request.Remake.Count + request.Restore.Count == 0;
        JobFile? file = isEmpty ? null : Journal?.Begin(
            TransferRecord.Of(request, scope),
            [
                .. request.Remake.Select(directory => TransferRecord.Of(JobNoteKind.Remake, directory)),
                .. request.Restore.Select(place => TransferRecord.Of(JobNoteKind.Restore, place)),
                .. UndoOf(undone),
            ]);
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
}
