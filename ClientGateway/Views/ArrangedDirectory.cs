using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>One directory that viewers look at in orders of their own: who wants which, and when the next one is ready. Thread-safe.</summary>
internal sealed class ArrangedDirectory(InodeId directory, Caller caller, Action<EntryList> leaveOutRemovals)
{
    private readonly Lock _gate = new();
    private readonly List<ViewSpec> _wanted = [];
    private Caller _caller = caller;
    private TaskCompletionSource _turn = NewTurn();

    public Arrangement Rows { get; } = new(directory) { LeaveOutRemovals = leaveOutRemovals };

    /// <summary>On whose behalf the rows are fetched: somebody who may read them.</summary>
    public Caller Caller
    {
        get
        {
            lock (_gate)
                return _caller;
        }
    }

    public CancellationTokenSource Closed { get; } = new();

    /// <summary>Completes when the loop has done what there was to do.</summary>
    public Task Turn
    {
        get
        {
            lock (_gate)
                return _turn.Task;
        }
    }

    public IReadOnlyList<ViewSpec> Wanted
    {
        get
        {
            lock (_gate)
                return [.. _wanted];
        }
    }

    public void Want(ViewSpec spec, Caller by)
    {
        lock (_gate)
        {
            _wanted.Add(spec);
            _caller = by;
        }
        Rows.Wake();
    }

    /// <summary>True when nobody wants anything any more.</summary>
    public bool Unwant(ViewSpec spec)
    {
        lock (_gate)
        {
            _wanted.Remove(spec);
            return _wanted.Count == 0;
        }
    }

    public void EndTurn()
    {
        TaskCompletionSource ended;
        lock (_gate)
        {
            ended = _turn;
            _turn = NewTurn();
        }
        ended.SetResult();
    }

    private static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
