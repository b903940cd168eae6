using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Walks;
using Capstan.Shared;

namespace Capstan.ClientGateway;

// Jobs that outlive the process.
public sealed partial class FileSystemClient
{
    private const int LookUpsAtOnce = 256;

    internal JobJournal? Journal { get; init; }

    /// <summary>
    /// Takes up what an earlier process has left. An entry that is noted as done is left alone; of any other the server is asked again, and what is gone, or is where it was to
    /// go, was done by that process: (1) a removal that finds another inode, or none; (2) a restore or a move whose target is the very inode; (3) what lies in the trash; (4) a copy,
    /// see <see cref="TransferRun"/>; (5) attributes that are as they are to be. What had failed is tried again, and fails again or not: no failure is forgotten.
    /// </summary>
    internal void Recover()
    {
        IReadOnlyList<(JobFile File, JobRecord Record, TimeSpan Idle)> left = Journal?.Left() ?? [];
        HashSet<long> undone = [.. left.SelectMany(l => l.File.Notes).Where(n => n.Kind == JobNoteKind.UndoOf).Select(n => n.Value)];
        foreach ((JobFile file, JobRecord record, TimeSpan idle) in left)
        {
            TimeSpan age = Later(DateTimeOffset.FromUnixTimeMilliseconds(record.StartedAt));
            if (undone.Contains(file.Number))
            {
                file.Over();
                continue;
            }
            if (file.Notes.Any(n => n.Kind == JobNoteKind.UndoWanted))
            {
                RecoverUndo(file, record, file.Notes.LastOrDefault(n => n.Kind == JobNoteKind.Ended) is { Kind: JobNoteKind.Ended, End: var last } ? last : null, idle > _core.Options.ResumeWithin, age);
                continue;
            }
            if (EndOf(file, record) is { } end)
            {
                if (idle > _core.Options.UndoKeptFor || !TryShowEnded(file, record, end, age))
                    file.Over();
                continue;
            }
            bool isPaused = file.Notes.LastOrDefault(n => n.Kind == JobNoteKind.Paused).Value == 1;
            bool asks = isPaused || idle > _core.Options.ResumeWithin;
            if (record.Form == JobForm.Transfer)
                Start(TransferRecord.ToRequest(record, file.Notes), file, record.Scope, asks, age);
            else
                Recover(file, record, asks, age);
        }
    }

    private TimeSpan Later(DateTimeOffset than) => _core.Time.GetUtcNow() - than is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    /// <summary>Null when it is to go on. One that was cancelled has ended with what is noted.</summary>
    private static JobEnd? EndOf(JobFile file, JobRecord record)
    {
        JobNote last = file.Notes.LastOrDefault(n => n.Kind is JobNoteKind.Ended or JobNoteKind.Cancelled);
        if (last.Kind == JobNoteKind.Ended)
            return last.End;
        if (last.Kind != JobNoteKind.Cancelled)
            return null;
        return Stopped(record, DoneBefore(file).Count, TimeSpan.Zero);
    }

    private static HashSet<InodeId> DoneBefore(JobFile file) => [.. file.Notes.Where(n => n.Kind is JobNoteKind.Done or JobNoteKind.Trashed).Select(n => n.Ino)];

    /// <summary>A job of an earlier process that is over, and can be undone; false when it cannot.</summary>
    private bool TryShowEnded(JobFile file, JobRecord record, JobEnd end, TimeSpan age)
    {
        HashSet<InodeId> done = DoneBefore(file);
        OperationJob shown;
        lock (_core.Gate)
        {
            if (record.Form == JobForm.Transfer)
            {
                TransferRequest request = TransferRecord.ToRequest(record, file.Notes);
                TransferJob transfer = new(_core.Operations, _core.Time, _core.Operations.NewJobId(), request, record.Scope, file) { AgeBefore = age };
                transfer.HasEnded(end, request.Items.Where(i => !done.Contains(i.Source.Ino)));
                _core.Operations.AddJob(transfer);
                shown = transfer;
            }
            else
            {
                TrackedJob job = _core.Operations.AddJob(record.Kind, record.Title, record.Caller, record.Entries[0].Source.Dir, end.Total, file, record.Scope, age);
                foreach (JobNote note in file.Notes.Where(n => n.Kind == JobNoteKind.Trashed))
                    job.AddTrashed(TransferRecord.ToPlace(note));
                JobRecord rest = record with { Entries = [.. record.Entries.Where(e => !done.Contains(e.Source.Ino))] };
                job.DoesTheRest = () => Anew(rest);
                job.HasEnded(end.Done, end.Failed, end.Cancelled, end.Duration);
                shown = job;
            }
            if (!shown.CanUndo)
                _core.Operations.Dismiss(shown);
        }
        if (shown.CanUndo)
            file.Keep();
        return shown.CanUndo;
    }

    /// <summary>What a job has left, as a new one.</summary>
    private TrackedJob Anew(JobRecord record)
    {
        JobFile? file = Journal?.Begin(record);
        TrackedJob job;
        lock (_core.Gate)
            job = _core.Operations.AddJob(record.Kind, record.Title, record.Caller, record.Entries.Count > 0 ? record.Entries[0].Source.Dir : InodeId.None, record.Entries.Count, file, record.Scope);
        _ = Task.Run(() => GoOnAsync(job, record, record.Entries, new HashSet<InodeId>()));
        return job;
    }

    private void Recover(JobFile file, JobRecord record, bool asks, TimeSpan age)
    {
        HashSet<InodeId> done = DoneBefore(file);
        HashSet<InodeId> asked = [.. record.Entries.Select(e => e.Source.Ino)];
        // Of a file with two names in the list nobody knows which was done: both are asked about.
        if (asked.Count < record.Entries.Count && record.Form != JobForm.Attributes)
            done.ExceptWith(record.Entries.GroupBy(e => e.Source.Ino).Where(g => g.Skip(1).Any()).Select(g => g.Key));
        // A directory whose own attributes have been changed may still have something in it that was not come to.
        JobEntry[] rest = [.. record.Entries.Where(e => !done.Contains(e.Source.Ino) || (record.IsEnclosed && e.Attributes is { IsDirectory: true }))];
        int below = done.Count(ino => !asked.Contains(ino));
        TrackedJob job;
        lock (_core.Gate)
        {
            job = _core.Operations.AddJob(record.Kind, record.Title, record.Caller, record.Entries[0].Source.Dir, record.Entries.Count + below, file, record.Scope, age);
            job.IsResumed = true;
            job.Change = record.Change;
            foreach (JobNote note in file.Notes.Where(n => n.Kind == JobNoteKind.Trashed))
                job.AddTrashed(TransferRecord.ToPlace(note));
            job.FailedBefore = file.Notes.Where(n => n.Kind == JobNoteKind.Failed).Select(n => n.Ino).ToHashSet();
            job.CountEarlier(record.Entries.Count - rest.Length + below);
        }
        if (asks && !job.IsFinished)
            job.Interrupt(Begin);
        else
            Begin();

        void Begin() => _ = Task.Run(() => GoOnAsync(job, record, rest, done));
    }

    private async Task GoOnAsync(TrackedJob job, JobRecord record, IReadOnlyList<JobEntry> rest, IReadOnlySet<InodeId> done)
    {
        Caller caller = job.Caller;
        switch (record.Form)
        {
            case JobForm.Remove:
                await AddAllAsync(job, rest, (entry, of) => AddRemoval(caller, entry.Source.Dir, EntryOf(entry), of), entry => entry).ConfigureAwait(false);
                break;
            case JobForm.RemoveTrees:
                lock (_core.Gate)
                    _core.Operations.RemoveTrees(job, [.. rest.Select(e => e.Source)]);
                _loop.Flush();
                break;
            case JobForm.MoveToTrash:
                await AddTrashedSinceAsync(job, record).ConfigureAwait(false);
                await AddAllAsync(job, rest, (entry, of) => AddMoveToTrash(caller, entry.Source.Dir, EntryOf(entry), of), entry => entry).ConfigureAwait(false);
                break;
            case JobForm.UndoCopy:
                await AddAllAsync(job, [.. rest.Where(e => e.Trash is null)], (entry, of) => AddMoveToTrash(caller, entry.Source.Dir, EntryOf(entry), of), entry => entry).ConfigureAwait(false);
                await RestoreRestAsync(job, [.. rest.Where(e => e.Trash is not null)]).ConfigureAwait(false);
                break;
            case JobForm.Restore:
                await RestoreRestAsync(job, rest).ConfigureAwait(false);
                break;
            case JobForm.Purge:
                await AddAllAsync(job, rest, (entry, of) => AddPurge(caller, entry.Trash!.Value, of), entry => entry).ConfigureAwait(false);
                break;
            case JobForm.Attributes:
                var now = await AsTheyAreAsync(caller, [.. rest.Select(e => (e.Source.Dir, EntryOf(e)))]).ConfigureAwait(false);
                new AttributeTree(_core, _loop.Flush, job, now, record.Change!, record.IsEnclosed, done).Begin();
                break;
        }
    }

    /// <summary>The entries with their attributes of now, by which those are known that are as they are to be. Of one that is not there any more as they were: it is refused.</summary>
    private async Task<IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)>> AsTheyAreAsync(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries)
    {
        List<(InodeId, DirectoryEntry)> now = new(entries.Count);
        foreach ((InodeId Directory, DirectoryEntry Entry)[] some in entries.Chunk(LookUpsAtOnce))
        {
            FsResult<InodeAttributes>[] there = await Task.WhenAll(some.Select(e => LookUpPatientlyAsync(caller, e.Directory, e.Entry.Name))).ConfigureAwait(false);
            now.AddRange(some.Select((e, i) => there[i] is { IsOk: true, Value: var found } && found.Ino == e.Entry.Attributes.Ino ? (e.Directory, new DirectoryEntry(e.Entry.Name, found)) : e));
        }
        return now;
    }

    /// <summary>What is in its place has been restored; the others are asked for.</summary>
    private async Task RestoreRestAsync(TrackedJob job, IReadOnlyList<JobEntry> rest)
    {
        foreach (JobEntry[] some in rest.Chunk(LookUpsAtOnce))
        {
            FsResult<InodeAttributes>[] there = await Task.WhenAll(some.Select(e => LookUpPatientlyAsync(job.Caller, e.Source.Dir, e.Source.Name))).ConfigureAwait(false);
            List<JobEntry> missing = [.. some.Where((entry, i) => !(there[i].IsOk && there[i].Value!.Ino == entry.Source.Ino))];
            lock (_core.Gate)
            {
                for (int i = missing.Count; i < some.Length; i++)
                    job.Count(OperationState.Done);
            }
            await AddAllAsync(job, missing, (entry, of) => AddRestore(job.Caller, new TrashPlace(entry.Trash!.Value, entry.Source.Dir, entry.Source.Name), of), entry => entry).ConfigureAwait(false);
        }
    }

    /// <summary>The caller's part of the trash that came after a moment; the clocks of gateway and MDS may differ a little.</summary>
    internal async Task<Dictionary<InodeId, TrashId>> TrashedSinceAsync(Caller caller, DateTimeOffset since)
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

    internal async Task<FsResult<InodeAttributes>> LookUpPatientlyAsync(Caller caller, InodeId directory, FileName name)
    {
        while (true)
        {
            FsResult<InodeAttributes> there = await LookUpAsync(caller, directory, name).ConfigureAwait(false);
            if (_core.IsClosed || there.Errno is not (FsErrno.NotConnected or FsErrno.TimedOut))
                return there;
        }
    }

    /// <summary>Writes a job down; it is on disk when this returns. Null without a journal.</summary>
    private JobFile? Write<T>(
        JobForm form, JobKind kind, string title, Caller caller, InodeId directory, IReadOnlyList<T> items, Func<T, JobEntry> entry, AttributeChange? change = null, bool enclosed = false,
        JobFile? undone = null)
    {
        if (Journal is null || items.Count == 0)
            return null;
        string scope;
        lock (_core.Gate)
            scope = _core.Operations.PlaceOf(directory);
        JobRecord record = new() { Form = form, Kind = kind, Title = title, Scope = scope, Caller = caller, Entries = new ProjectedList<T, JobEntry>(items, entry), Change = change, IsEnclosed = enclosed };
        return Journal.Begin(record, UndoOf(undone));
    }

    private static JobNote[] UndoOf(JobFile? undone) => undone is null ? [] : [new JobNote(JobNoteKind.UndoOf) { Value = undone.Number }];

    private static JobEntry JobEntryOf(InodeId directory, DirectoryEntry entry) => new(new InodeAddress(directory, entry.Name, entry.Attributes.Ino))
    {
        // A file is what most are: only others need a word.
        Attributes = entry.Attributes.IsDirectory ? new InodeAttributes { Ino = entry.Attributes.Ino, Mode = entry.Attributes.Mode } : null,
    };

    private static DirectoryEntry EntryOf(in JobEntry entry) => new(
        entry.Source.Name, entry.Attributes ?? new InodeAttributes { Ino = entry.Source.Ino, Mode = InodeAttributes.ModeOf(FileKind.File, 0) });
}
