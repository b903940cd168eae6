using Capstan.Mds.Namespace;

namespace Capstan.Mds.Sessions;

/// <summary>Work of the MDS's own in a group of its loop.</summary>
/// <param name="run">Returns false to be tried again in the next group; it may run again after its group was undone.</param>
internal sealed class Errand(Func<MdsCore, NamespaceEngine, bool> run)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasRun;
    private bool _isUndone;
    private int _refusals;

    /// <summary>Completes when the group in which it ran is durable, or fails with the store's refusal of what it did.</summary>
    public Task Done => _done.Task;

    public void RunIn(MdsCore core, NamespaceEngine engine)
    {
        _hasRun = false;
        _refusals = core.Refusals;
        core.Guard(() => _hasRun = run(core, engine));
    }

    /// <summary>
    /// After the commit of the group that they ran in. (1) What one did is durable unless the store has refused something since it began; a
    /// refusal before that was of an earlier part, and undid nothing of this one's. (2) One that was undone runs in a group of its own,
    /// so that it fails only for what it does itself.
    /// </summary>
    public static void Conclude(IReadOnlyCollection<Errand> errands, MdsCore core, NamespaceEngine engine)
    {
        foreach (Errand errand in errands)
            errand.Committed(core);
        foreach (Errand errand in errands)
        {
            if (errand._isUndone)
                errand.RunAlone(core, engine);
        }
    }

    private void Committed(MdsCore core)
    {
        _isUndone = core.Refusals != _refusals;
        if (!_isUndone && _hasRun)
            _done.TrySetResult();
    }

    private void RunAlone(MdsCore core, NamespaceEngine engine)
    {
        core.Begin();
        RunIn(core, engine);
        if (core.Commit() is { } refusal)
            _done.TrySetException(refusal);
        else
            Committed(core);
    }

    public void Cancel(CancellationToken cancellation) => _done.TrySetCanceled(cancellation);
}
