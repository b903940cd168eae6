using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

// Names that are taken, and what was answered.
internal sealed partial class TransferJob
{
    private readonly SortedDictionary<long, (JobConflict Conflict, TransferEntry Entry)> _conflicts = [];
    private long _conflictIds;

    public override IReadOnlyList<JobConflict> Conflicts
    {
        get
        {
            lock (_lock)
                return [.. _conflicts.Values.Select(c => c.Conflict)];
        }
    }

    /// <summary>What was answered for all; <see cref="ConflictChoice.Ask"/> until then.</summary>
    public ConflictChoice Standing { get; private set; }

    /// <summary>Carries out what an answer means. Called without the lock.</summary>
    public Action<TransferEntry>? Answered { get; set; }

    public override void Answer(JobConflict conflict, ConflictChoice choice, bool forAll)
    {
        List<TransferEntry> answered = [];
        lock (_lock)
        {
            if (!_conflicts.ContainsKey(conflict.Id) || choice == ConflictChoice.Ask)
                return;
            if (forAll)
            {
                Standing = choice;
                _file?.Note(new JobNote(JobNoteKind.Answer) { Value = (long)choice });
            }
            foreach ((JobConflict open, TransferEntry entry) in _conflicts.Values.Where(c => forAll || c.Conflict.Id == conflict.Id).ToArray())
            {
                _conflicts.Remove(open.Id);
                entry.Answer = (choice, open.Existing.Ino);
                if (!forAll)
                    _file?.Note(new JobNote(JobNoteKind.Answer) { Ino = entry.Source.Ino, Place = new InodeAddress(entry.Directory, entry.Name, open.Existing.Ino), Value = (long)choice });
                answered.Add(entry);
            }
        }
        _file?.Flush(durably: true);
        _table.Changed();
        foreach (TransferEntry entry in answered)
            Answered?.Invoke(entry);
    }

    public void Ask(TransferEntry entry, InodeAttributes existing)
    {
        lock (_lock)
        {
            if (!_wasCancelled)
            {
                long id = ++_conflictIds;
                _conflicts.Add(id, (new JobConflict(id, entry.Path, entry.Attributes, existing), entry));
                entry = null!;
            }
        }
        if (entry is not null)
            Answered?.Invoke(entry);
        _table.Changed();
    }
}
