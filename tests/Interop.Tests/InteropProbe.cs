namespace Capstan.Interop.Tests;

/// <summary>What happened inside the handlers.</summary>
public sealed class InteropProbe
{
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _spread;

    /// <summary>A handler hangs, as it was told to.</summary>
    public Task Hanging => _hanging.Task;

    /// <summary>A handler that hung has seen its token cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    /// <summary>Messages that Spread has handed over.</summary>
    public int Spread => Volatile.Read(ref _spread);

    public void Hangs() => _hanging.TrySetResult();

    public void SawCancellation() => _cancelled.TrySetResult();

    public void HasSpreadOne() => Interlocked.Increment(ref _spread);
}
