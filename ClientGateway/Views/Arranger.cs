using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>
/// Sees that what viewers want arranged is: one loop a directory, which fetches the rows, sorts them and applies the changes, all off the threads of those who look.
/// </summary>
internal sealed class Arranger(GatewayCore core, Func<DirectoryState, RangeWaiter, CancellationToken, Task<FsErrno>> fetch)
{
    /// <summary>Fewest bytes that a row takes in the cache: what cannot fit is not begun.</summary>
    private const int RowBytes = 16;

    /// <summary>Directories kept arranged that nobody looks at.</summary>
    private const int MostIdle = 16;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<InodeId, ArrangedDirectory> _directories = [];
    private readonly LinkedList<ArrangedDirectory> _idle = [];
    // One at a time: sorting a million rows takes a core, and the other one has work to do.
    private readonly SemaphoreSlim _building = new(1);

    public ArrangedDirectory Open(InodeId directory, Caller caller, ViewSpec spec)
    {
        lock (_gate)
        {
            if (!_directories.TryGetValue(directory, out ArrangedDirectory? arranged))
            {
                _directories.Add(directory, arranged = new ArrangedDirectory(directory, caller, entries => LeaveOutRemovals(directory, entries)));
                _ = Task.Run(() => RunAsync(arranged));
            }
            _idle.Remove(arranged);
            arranged.Rows.IsIdle = false;
            arranged.Want(spec, caller);
            return arranged;
        }
    }

    /// <summary>What nobody looks at any more is kept, and kept true, while there is memory for it: going back finds it as it was.</summary>
    public void Close(ArrangedDirectory arranged, ViewSpec spec)
    {
        ArrangedDirectory? least = null;
        lock (_gate)
        {
            if (!arranged.Unwant(spec))
                return;
            _idle.AddLast(arranged);
            arranged.Rows.IsIdle = true;
            if (_idle.Count > MostIdle)
                least = _idle.First!.Value;
        }
        bool isKept;
        lock (core.Gate)
        {
            DirectoryState? state = core.Directories.Find(arranged.Rows.Directory);
            isKept = state?.Follower == arranged.Rows && !arranged.Rows.IsLost;
            if (isKept)
                state!.TouchAll();
            core.Directories.Budget.Reclaim(null);
        }
        if (!isKept)
            Discard(arranged);
        else
            arranged.Rows.Wake();
        if (least is not null)
            Discard(least);
    }

    /// <summary>Unless somebody has come to look again.</summary>
    private bool Discard(ArrangedDirectory arranged)
    {
        lock (_gate)
        {
            if (!_idle.Remove(arranged))
                return false;
            _directories.Remove(arranged.Rows.Directory);
            arranged.Closed.Cancel();
        }
        lock (core.Gate)
        {
            if (core.Directories.Find(arranged.Rows.Directory) is { } state && state.Follower == arranged.Rows)
                state.Follower = null;
        }
        return true;
    }

    private void LeaveOutRemovals(InodeId directory, EntryList entries)
    {
        lock (core.Gate)
        {
            if (core.Operations.PendingCount > 0)
                entries.RemoveAll(entry => core.Operations.Find(directory, entry.Name) is { State: OperationState.Queued or OperationState.Sent });
        }
    }

    private async Task RunAsync(ArrangedDirectory arranged)
    {
        Arrangement rows = arranged.Rows;
        long counted = 0;
        try
        {
            while (true)
            {
                CancellationToken cancellation = arranged.Closed.Token;
                if (rows is { IsIdle: true, IsLost: true } && Discard(arranged))
                    return;
                bool hasRows = !rows.IsLost || await TakeRowsAsync(arranged, cancellation).ConfigureAwait(false);
                if (hasRows)
                    await BuildAsync(arranged, cancellation).ConfigureAwait(false);
                Count(rows.Bytes);
                arranged.EndTurn();
                if (hasRows || rows.IsTooLarge)
                    await rows.WaitAsync(cancellation).ConfigureAwait(false);
                else
                    await Task.Delay(RetryAfter, core.Time, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (arranged.Closed.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        finally
        {
            Count(0);
        }

        void Count(long bytes)
        {
            long more = bytes - counted;
            counted = bytes;
            core.Directories.Budget.AddArranged(more);
            if (more <= 0)
                return;
            lock (core.Gate)
                core.Directories.Budget.Reclaim(null);
        }
    }

    private async Task BuildAsync(ArrangedDirectory arranged, CancellationToken cancellation)
    {
        IReadOnlyList<ViewSpec> wanted = arranged.Wanted;
        if (wanted.Any(spec => !arranged.Rows.Has(spec)))
        {
            await _building.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                foreach (ViewSpec spec in wanted)
                    arranged.Rows.Build(spec, cancellation);
            }
            finally
            {
                _building.Release();
            }
        }
        arranged.Rows.Forget(wanted);
        while (arranged.Rows.Drain())
            await Task.Yield();
    }

    /// <summary>Brings the whole directory into the cache and takes its rows, and from that moment on its changes. False: not now.</summary>
    private async Task<bool> TakeRowsAsync(ArrangedDirectory arranged, CancellationToken cancellation)
    {
        // What has come may be lost again before it is taken; then later.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            if (await TryTakeRowsAsync(arranged, cancellation).ConfigureAwait(false) is { } taken)
                return taken;
        }
        return false;
    }

    /// <summary>Null: the rows have come, or some of them, and are to be looked for again.</summary>
    private async Task<bool?> TryTakeRowsAsync(ArrangedDirectory arranged, CancellationToken cancellation)
    {
        DirectoryState state;
        RangeWaiter waiter;
        List<CachedPage>? pages = null;
        PageHeader header = default;
        lock (core.Gate)
        {
            state = core.Directories.GetOrAdd(arranged.Rows.Directory);
            if (arranged.Closed.IsCancellationRequested)
                return false;
            arranged.Rows.IsTooLarge = state.IsKnown && state.Total * RowBytes > core.Directories.Budget.Budget / 2;
            if (arranged.Rows.IsTooLarge)
                return false;
            state.Follower = arranged.Rows;
            if (core.Directories.IsFresh(state) && state.IsComplete)
            {
                pages = state.Snapshot();
                header = new PageHeader(core.Session.Epoch, state.Ino, state.Version, 0, state.Total, false);
                arranged.Rows.BeginFollowing();
            }
            waiter = pages is null ? core.Directories.Demand(state, arranged.Caller, 0, Math.Max(1, state.Total), whole: true) : null!;
        }
        if (pages is null)
            return await fetch(state, waiter, cancellation).ConfigureAwait(false) == FsErrno.Ok ? null : false;
        arranged.Rows.Replace([.. pages.SelectMany(page => page.Pages(header))], header.Version);
        return true;
    }
}
