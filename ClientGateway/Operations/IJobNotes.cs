using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

/// <summary>Where a job is written down, so that it survives the process. Called under locks: only what stops the job may take time.</summary>
internal interface IJobNotes
{
    void Done(InodeId subject);

    /// <summary>It was not there as it had been seen.</summary>
    void Missing(InodeId subject);

    void Paused(bool isPaused);

    void Cancelled();

    /// <summary>It is to be undone when it has come to its end.</summary>
    void UndoWanted();

    /// <summary>As <see cref="Done"/>, with what an undo goes by.</summary>
    void Trashed(TrashPlace place);

    /// <summary>It has come to its end; what was written down is kept for its undo.</summary>
    void Ended(OperationJob job);

    /// <summary>Nothing is left to be done, nor to be undone.</summary>
    void Over();
}
