using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>Many operations that a user asked for as one. Counts are read from any thread.</summary>
public abstract class OperationJob
{
    public abstract long Id { get; }

    /// <summary>In words: "Delete 1,000 items".</summary>
    public abstract string Title { get; }

    public abstract Caller Caller { get; }

    public abstract InodeId Directory { get; }

    public abstract int Total { get; }

    public abstract int Done { get; }

    public abstract int Failed { get; }

    public abstract int Cancelled { get; }

    public bool IsFinished => Done + Failed + Cancelled == Total;

    public abstract TimeSpan Age { get; }

    /// <summary>From the first request to the last outcome; still running: until now.</summary>
    public abstract TimeSpan Duration { get; }

    public abstract Task Completion { get; }

    /// <summary>Stops what was not sent yet; what was sent goes on to its end.</summary>
    public abstract void Cancel();
}
