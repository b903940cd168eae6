using Capstan.Shared;

namespace Capstan.ClientGateway.Directories;

// What those who look are told at once: that something is different, and which rows are about to leave.
internal sealed partial class DirectoryState
{
    private TaskCompletionSource? _changed;
    private long _changeCounter;

    /// <summary>Bumped at each change that can alter what is drawn. Who waits for the next one is woken by it.</summary>
    public long ChangeCounter
    {
        get => _changeCounter;
        set
        {
            _changeCounter = value;
            _changed?.TrySetResult(); // Goes on elsewhere: nothing of theirs runs under the lock.
            _changed = null;
        }
    }

    /// <summary>Completes with the next change.</summary>
    public Task NextChange => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Replaced as a whole: may be asked outside of the lock.</summary>
    public IReadOnlyList<LeavingRows> Leaving { get; private set; } = [];

    public void Announce(LeavingRows rows)
    {
        Leaving = [.. Leaving, rows];
        ChangeCounter++;
    }

    public void Withdraw(LeavingRows rows)
    {
        Leaving = [.. Leaving.Where(r => r != rows)];
        ChangeCounter++;
    }

    private void TellLeaving(DirectoryChangeKind kind, FileName name)
    {
        if (kind == DirectoryChangeKind.Removed)
            return;
        foreach (LeavingRows rows in Leaving)
            rows.Came(name);
    }
}
