using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

// What an undo has to know that was asked for while entries were under way, if this process does not live to see their ends.
internal sealed partial class TransferRun
{
    private readonly HashSet<TransferEntry> _underWay = [];

    private void Begins(TransferEntry entry)
    {
        lock (_lock)
            _underWay.Add(entry);
    }

    private void HasSettled(TransferEntry entry)
    {
        lock (_lock)
            _underWay.Remove(entry);
    }

    /// <summary>Changes what <see cref="UnderWay"/> tells of an entry, before it is acted on. False when the job was cancelled: that may have been told by now.</summary>
    private bool MayStillChange(Action change)
    {
        lock (_lock)
        {
            if (_job.WasCancelled)
                return false;
            change();
            return true;
        }
    }

    private IReadOnlyList<JobNote> UnderWay()
    {
        List<JobNote> notes = [];
        lock (_lock)
        {
            // What is in a new directory goes with it.
            foreach (TransferEntry entry in _underWay.Where(e => !e.Parent.IsNew))
            {
                if (entry.IsBeingRemoved)
                {
                    notes.Add(EmptiedNote(entry)); // To make again what is still there does no harm.
                    continue;
                }
                InodeAddress place = new(entry.Directory, entry.Name, entry.MakesRoomFrom);
                notes.Add(new JobNote(JobNoteKind.UnderWay) { Ino = entry.Source.Ino, Place = place, Other = entry.Source });
                if (entry.Displaced is { } displaced)
                    notes.Add(TransferRecord.Of(JobNoteKind.Replaced, displaced));
            }
        }
        return notes;
    }

    /// <summary>Of a job of an earlier process that is to be undone: looks which of what was under way has been done. False: the gateway has been closed.</summary>
    /// <param name="since">When the job was begun.</param>
    public async Task<bool> SettleAsync(DateTimeOffset since)
    {
        JobNote[] underWay = [.. (_file?.Notes ?? []).Where(n => n.Kind == JobNoteKind.UnderWay)];
        Dictionary<InodeId, TrashId> inTrash = underWay.Any(n => !n.Place.Ino.IsNone) ? await _client.TrashedSinceAsync(Caller, since).ConfigureAwait(false) : [];
        foreach (JobNote note in underWay)
        {
            if (inTrash.TryGetValue(note.Place.Ino, out TrashId displaced))
                _job.Remember(TransferRecord.Of(JobNoteKind.Replaced, new TrashPlace(displaced, note.Place.Dir, note.Place.Name)));
            FsResult<InodeAttributes> found = await _client.LookUpPatientlyAsync(Caller, note.Place.Dir, note.Place.Name).ConfigureAwait(false);
            bool isAtHome = note.Place.Dir == note.Other.Dir && note.Place.Name == note.Other.Name;
            if (!found.IsOk || isAtHome)
                continue;
            InodeAttributes there = found.Value;
            if (IsMove && there.Ino == note.Ino)
                Moved(new TransferEntry(_top, new TransferItem(note.Other, there, note.Place.Dir, note.Place.Name)));
            else if (!IsMove)
                await SettleCopyAsync(note, there).ConfigureAwait(false);
        }
        return !_core.IsClosed;
    }

    private async Task SettleCopyAsync(JobNote note, InodeAttributes there)
    {
        FsResult<InodeAttributes> original = await _client.LookUpPatientlyAsync(Caller, note.Other.Dir, note.Other.Name).ConfigureAwait(false);
        if (!original.IsOk || original.Value.Ino != note.Ino)
            return;
        if (await IsOurCopyAsync(new TransferEntry(_top, new TransferItem(note.Other, original.Value, note.Place.Dir, note.Place.Name)), there).ConfigureAwait(false))
            _job.Remember(new JobNote(JobNoteKind.Made) { Ino = note.Ino, Place = note.Place with { Ino = there.Ino } });
    }

    private static JobNote EmptiedNote(TransferEntry entry) =>
        TransferRecord.Of(JobNoteKind.Emptied, new EmptiedDirectory(entry.Source, entry.Attributes.Mode & Permissions));
}
