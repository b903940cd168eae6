using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;

namespace Capstan.ClientGateway;

// Jobs that outlive the process.
public sealed partial class FileSystemClient
{
    /// <summary>Set before the first job.</summary>
    internal JobJournal? Journal { get; set; }

    /// <summary>
    /// Takes up what an earlier process has left. An entry that is noted as done is left alone; of any other the server is asked again, and what is gone, or is where it was to
    /// go, was done by that process: (1) a removal that finds another inode, or none; (2) a restore or a move whose target is the very inode; (3) what lies in the trash; (4) a copy,
    /// see <see cref="TransferRun"/>.
    /// </summary>
    internal void Recover()
    {
        foreach ((JobFile file, JobRecord record, TimeSpan idle) in Journal?.Left() ?? [])
        {
            bool isPaused = file.Notes.LastOrDefault(n => n.Kind == JobNoteKind.Paused).Value == 1;
            bool asks = isPaused || idle > _core.Options.ResumeWithin;
            if (record.Form == JobForm.Transfer)
                Start(TransferRecord.ToRequest(record, file.Notes), file, record.Scope, asks);
            else
                Recover(file, record, asks);
        }
    }

    private void Recover(JobFile file, JobRecord record, bool asks)
    {
        HashSet<InodeId> twice = [.. record.Entries.GroupBy(e => e.Source.Ino).Where(g => g.Skip(1).Any()).Select(g => g.Key)];
        // Of a file with two names in the list nobody knows which was done: both are asked about.
        HashSet<InodeId> done = [.. file.Notes.Where(n => n.Kind == JobNoteKind.Done && !twice.Contains(n.Ino)).Select(n => n.Ino)];
        JobEntry[] rest = [.. record.Entries.Where(e => !done.Contains(e.Source.Ino))];
        TrackedJob job;
        lock (_core.Gate)
        {
            job = _core.Operations.AddJob(record.Kind, record.Title, record.Caller, record.Entries[0].Source.Dir, record.Entries.Count, file, record.Scope);
            job.IsResumed = true;
            job.CountEarlier(record.Entries.Count - rest.Length);
        }
        if (asks && !job.IsFinished)
            job.Interrupt(Begin);
        else
            Begin();

        void Begin() => _ = Task.Run(() => GoOnAsync(job, record, rest));
    }

    private async Task GoOnAsync(TrackedJob job, JobRecord record, IReadOnlyList<JobEntry> rest)
    {
        Caller caller = job.Caller;
        switch (record.Form)
        {
            case JobForm.Remove:
                AddAll(job, rest, (entry, of) => AddRemoval(caller, entry.Source.Dir, EntryOf(entry), of));
                break;
            case JobForm.RemoveTrees:
                lock (_core.Gate)
                    _core.Operations.RemoveTrees(job, [.. rest.Select(e => e.Source)]);
                _loop.Flush();
                break;
            case JobForm.MoveToTrash:
                Dictionary<InodeId, TrashId> inTrash = await TrashedSinceAsync(caller, DateTimeOffset.FromUnixTimeMilliseconds(record.StartedAt)).ConfigureAwait(false);
                foreach (JobEntry entry in record.Entries.Where(e => inTrash.ContainsKey(e.Source.Ino)))
                    job.AddTrashed(new TrashPlace(inTrash[entry.Source.Ino], entry.Source.Dir, entry.Source.Name));
                AddAll(job, rest, (entry, of) => AddMoveToTrash(caller, entry.Source.Dir, EntryOf(entry), of));
                break;
            case JobForm.Restore:
                await RestoreRestAsync(job, rest).ConfigureAwait(false);
                break;
            case JobForm.Purge:
                AddAll(job, rest, (entry, of) => AddPurge(caller, entry.Trash!.Value, of));
                break;
        }
    }

    /// <summary>What is in its place has been restored; the others are asked for.</summary>
    private async Task RestoreRestAsync(TrackedJob job, IReadOnlyList<JobEntry> rest)
    {
        const int AtOnce = 256;
        foreach (JobEntry[] some in rest.Chunk(AtOnce))
        {
            FsResult<InodeAttributes>[] there = await Task.WhenAll(some.Select(e => LookUpPatientlyAsync(job.Caller, e.Source.Dir, e.Source.Name))).ConfigureAwait(false);
            List<JobEntry> missing = [.. some.Where((entry, i) => !(there[i].IsOk && there[i].Value!.Ino == entry.Source.Ino))];
            lock (_core.Gate)
            {
                for (int i = missing.Count; i < some.Length; i++)
                    job.Count(OperationState.Done);
            }
            AddAll(job, missing, (entry, of) => AddRestore(job.Caller, new TrashPlace(entry.Trash!.Value, entry.Source.Dir, entry.Source.Name), of));
        }
    }

    /// <summary>The caller's part of the trash that came after a moment; the clocks of gateway and MDS may differ a little.</summary>
    private async Task<Dictionary<InodeId, TrashId>> TrashedSinceAsync(Caller caller, DateTimeOffset since)
    {
        since -= TimeSpan.FromMinutes(10);
        Dictionary<InodeId, TrashId> found = [];
        TrashId? after = null;
        while (!_core.IsClosed)
        {
            FsResult<IReadOnlyList<TrashEntry>> page = await ListTrashAsync(caller, after, Shared.Messages.ListTrashOperation.MaxCount, false, CancellationToken.None).ConfigureAwait(false);
            if (page.Errno is FsErrno.NotConnected or FsErrno.TimedOut)
                continue; // Each look takes as long as a request may.
            if (!page.IsOk || page.Value.Count == 0)
                break;
            foreach (TrashEntry entry in page.Value)
                found.TryAdd(entry.Attributes.Ino, entry.Id);
            after = page.Value[^1].Id;
            if (page.Value[^1].Id.RemovedAt < since)
                break;
        }
        return found;
    }

    private async Task<FsResult<InodeAttributes>> LookUpPatientlyAsync(Caller caller, InodeId directory, FileName name)
    {
        while (true)
        {
            FsResult<InodeAttributes> there = await LookUpAsync(caller, directory, name).ConfigureAwait(false);
            if (_core.IsClosed || there.Errno is not (FsErrno.NotConnected or FsErrno.TimedOut))
                return there;
        }
    }

    /// <summary>Writes a job down; it is on disk when this returns. Null without a journal.</summary>
    private JobFile? Write<T>(JobForm form, JobKind kind, string title, Caller caller, InodeId directory, IReadOnlyList<T> items, Func<T, JobEntry> entry)
    {
        if (Journal is null || items.Count == 0)
            return null;
        string scope;
        lock (_core.Gate)
            scope = _core.Operations.PlaceOf(directory);
        return Journal.Begin(new JobRecord { Form = form, Kind = kind, Title = title, Scope = scope, Caller = caller, Entries = [.. items.Select(entry)] });
    }

    private static JobEntry JobEntryOf(InodeId directory, DirectoryEntry entry) => new(new InodeAddress(directory, entry.Name, entry.Attributes.Ino))
    {
        // A file is what most are: only others need a word.
        Attributes = entry.Attributes.IsDirectory ? new InodeAttributes { Ino = entry.Attributes.Ino, Mode = entry.Attributes.Mode } : null,
    };

    private static DirectoryEntry EntryOf(in JobEntry entry) => new(
        entry.Source.Name, entry.Attributes ?? new InodeAttributes { Ino = entry.Source.Ino, Mode = InodeAttributes.ModeOf(FileKind.File, 0) });
}
