using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

// The way back.
internal sealed partial class TransferJob
{
    private volatile bool _isToBeUndone;
    private bool _isUndone;

    public override bool CanUndo
    {
        get
        {
            lock (_lock)
                return !_isUndone && !Undo.IsEmpty;
        }
    }

    public TransferUndo Undo { get; } = new();

    /// <summary>What is on its way just now: source and place. Asked for without the lock.</summary>
    public Func<IReadOnlyList<JobNote>>? UnderWay { get; set; }

    public override bool IsToBeUndone => _isToBeUndone;

    internal override void WantUndo()
    {
        lock (_lock)
        {
            if (IsFinished || _begin is not null)
                return;
        }
        Cancel();
        MarkToBeUndone();
        // Nothing is begun any more: what is not on the list, nor noted, was not done.
        foreach (JobNote note in UnderWay?.Invoke() ?? [])
            _file?.Note(note);
        _file?.UndoWanted();
    }

    /// <summary>Nothing of it is begun from here on, and what is done is taken back.</summary>
    public void MarkToBeUndone() => _isToBeUndone = _wasCancelled = true;

    /// <summary>Adds to what an undo goes by, and a restart.</summary>
    public void Remember(in JobNote note, bool now = false)
    {
        lock (_lock)
            Undo.Take(note);
        _file?.Note(note);
        if (now)
            _file?.Flush();
    }

    /// <summary>True once: whoever gets it undoes.</summary>
    public bool TryBeginUndo()
    {
        lock (_lock)
        {
            if (_isUndone || Undo.IsEmpty)
                return false;
            return _isUndone = true;
        }
    }
}
