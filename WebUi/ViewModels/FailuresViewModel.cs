using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>What failed in one directory and waits for the user's word.</summary>
public sealed class FailuresViewModel(IOperationLog log, InodeId directory, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<PendingOperation> _failed = [];
    private long _counter = -1;
    private DateTimeOffset _looked;

    public int Count => _failed.Count;

    public InodeId Directory => directory;

    public IReadOnlyList<JobFailure> All => [.. _failed.Select(f => new JobFailure([f.Name], f.Errno, f))];

    public string Summary
    {
        get
        {
            int total = _failed.Select(f => f.Job).OfType<OperationJob>().Distinct().Sum(j => j.Total);
            string of = total > Count ? $" of {SizeText.Number(total)}" : "";
            string what = _failed.All(f => f.Kind is OperationKind.Unlink or OperationKind.Rmdir or OperationKind.Trash) ? "deleted" : "changed";
            return $"{SizeText.Number(Count)}{of} could not be {what}.";
        }
    }

    /// <summary>The most common reason, in words.</summary>
    public string Reason => _failed.Count == 0 ? "" : ErrorText.Of(_failed.CountBy(f => f.Errno).MaxBy(c => c.Value).Key).Title;

    public bool Tick()
    {
        long counter = log.ChangeCounter;
        DateTimeOffset now = time.GetUtcNow();
        if (counter == _counter || now - _looked < Pause)
            return false;
        _counter = counter;
        _looked = now;
        int before = Count;
        _failed = log.FailedCount == 0 ? [] : log.FailedIn(directory);
        return before != Count;
    }

    public void RetryAll() => ForAll(log.Retry);

    public void DismissAll() => ForAll(all =>
    {
        foreach (PendingOperation failed in all)
            log.Dismiss(failed);
    });

    private void ForAll(Action<IReadOnlyList<PendingOperation>> act)
    {
        act(_failed);
        _failed = [];
        _counter = -1;
        _looked = default;
    }
}
