using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>Many operations that a user asked for as one. Counts are read from any thread.</summary>
public abstract class OperationJob
{
    public abstract long Id { get; }

    /// <summary>In words: "Delete 1,000 items".</summary>
    public abstract string Title { get; }

    public abstract JobKind Kind { get; }

    public abstract Caller Caller { get; }

    public abstract InodeId Directory { get; }

    /// <summary>The path of the place that it is about, as shown to people; "" when nobody knows.</summary>
    public virtual string Scope => "";

    /// <summary>Entries; of a job that looks for them itself (removal of a tree) those that were found so far, so that it grows.</summary>
    public abstract int Total { get; }

    public abstract int Done { get; }

    public abstract int Failed { get; }

    /// <summary>Not attempted: the job was cancelled, or it is a directory in which something is left.</summary>
    public abstract int Cancelled { get; }

    /// <summary>Every failure, oldest first. <see cref="IOperationLog.Retry(OperationJob)"/> tries them again.</summary>
    public virtual IReadOnlyList<JobFailure> Failures => [];

    /// <summary>What it has put into the trash, with the places it came from: what an undo hands to <see cref="IFileSystemClient.RestoreMany"/>.</summary>
    public virtual IReadOnlyList<TrashPlace> Trashed => [];

    /// <summary>Somebody has cancelled it: what is in <see cref="Cancelled"/> was left out for that.</summary>
    public virtual bool WasCancelled => false;

    /// <summary>Of file contents, where that tells more than the number of entries.</summary>
    public virtual long BytesDone => 0;

    /// <summary>Names that are taken, oldest first: each waits for <see cref="Answer"/>, and the rest goes on.</summary>
    public virtual IReadOnlyList<JobConflict> Conflicts => [];

    /// <summary>What it has done, all or some of it, can be undone by <see cref="IOperationLog.UndoAsync"/>.</summary>
    public virtual bool CanUndo => false;

    /// <summary>Somebody has asked for its undo: it begins when what was sent has come to its end.</summary>
    public virtual bool IsToBeUndone => false;

    public virtual JobState State => IsFinished ? JobState.Finished : JobState.Running;

    /// <summary>Why nothing happens just now, to be read after "Waiting for": "the metadata server". Null when it gets on, and when it is paused.</summary>
    public virtual string? WaitingFor => null;

    public bool IsFinished => Done + Failed + Cancelled == Total;

    public abstract TimeSpan Age { get; }

    /// <summary>From the first request to the last outcome; still running: until now.</summary>
    public abstract TimeSpan Duration { get; }

    public abstract Task Completion { get; }

    /// <summary>Completes when each of its entries is an operation of its own, or over. Of a large job later than the call that asked for it.</summary>
    public virtual Task TakenIn => Task.CompletedTask;

    /// <summary>Answers a conflict; with <paramref name="forAll"/> also every other one of the job, those that come later too.</summary>
    public virtual void Answer(JobConflict conflict, ConflictChoice choice, bool forAll)
    {
    }

    /// <summary>Stops what was not sent yet; what was sent goes on to its end.</summary>
    public abstract void Cancel();

    /// <summary>Sends nothing new until <see cref="Resume"/>; what was sent goes on to its end. Nothing, once it has finished.</summary>
    public abstract void Pause();

    /// <summary>Cancels it for its undo. The wish outlives the process when this returns.</summary>
    internal virtual void WantUndo() => Cancel();

    /// <summary>Nobody wants what an interrupted one has left, or to undo what a finished one has done.</summary>
    internal virtual void Discard()
    {
    }

    /// <summary>Goes on with a job that was paused or interrupted.</summary>
    public abstract void Resume();
}
