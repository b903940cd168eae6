using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>What a copy or a move has to remember to be undone. Guarded by its job's lock.</summary>
internal sealed class TransferUndo
{
    // A job that was resumed tells again what the process before may have noted.
    private readonly HashSet<InodeAddress> _made = [];
    private readonly HashSet<(InodeId, InodeAddress)> _moved = [];
    private readonly HashSet<TrashId> _replaced = [];
    private readonly HashSet<InodeId> _emptied = [];

    /// <summary>What copies have made; of a new directory itself, and not what is in it.</summary>
    public List<InodeAddress> Made { get; } = [];

    /// <summary>The ways back of what was moved.</summary>
    public List<TransferItem> Moved { get; } = [];

    /// <summary>What went to the trash to make room.</summary>
    public List<TrashPlace> Replaced { get; } = [];

    /// <summary>Directories that a merge has emptied and removed; those below come before those above.</summary>
    public List<EmptiedDirectory> Emptied { get; } = [];

    public void Take(in JobNote note)
    {
        switch (note.Kind)
        {
            case JobNoteKind.Made when _made.Add(note.Place):
                Made.Add(note.Place);
                break;
            case JobNoteKind.Moved when _moved.Add((note.Ino, note.Place)):
                Moved.Add(TransferRecord.ToWayBack(note));
                break;
            case JobNoteKind.Replaced when _replaced.Add(TransferRecord.ToPlace(note).Id):
                Replaced.Add(TransferRecord.ToPlace(note));
                break;
            case JobNoteKind.Emptied when _emptied.Add(note.Ino):
                Emptied.Add(TransferRecord.ToEmptied(note));
                break;
        }
    }

    /// <summary>What was made or moved.</summary>
    public int Count => Made.Count + Moved.Count;

    public bool IsEmpty => Count + Replaced.Count + Emptied.Count == 0;
}
