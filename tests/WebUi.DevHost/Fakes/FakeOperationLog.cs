using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>Pending and failed operations of the fake; one loop carries them out at the rate that was set.</summary>
public sealed class FakeOperationLog(FakeFileSystem files) : IOperationLog
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, FakeOperation> _open = [];
    private readonly Queue<FakeOperation> _queue = [];
    private readonly List<FakeJob> _jobs = [];
    private long _counter = 1;
    private long _next;
    private int _failed;
    private bool _running;

    public long ChangeCounter => Interlocked.Read(ref _counter);

    public int PendingCount
    {
        get
        {
            lock (_lock)
                return _open.Count - _failed;
        }
    }

    public int FailedCount => _failed;

    public TimeSpan OldestPending
    {
        get
        {
            lock (_lock)
                return _open.Values.FirstOrDefault(o => o.State is OperationState.Queued or OperationState.Sent)?.Age ?? TimeSpan.Zero;
        }
    }

    public IReadOnlyList<OperationJob> Jobs()
    {
        lock (_lock)
            return [.. _jobs.OrderBy(j => j.IsFinished).ThenByDescending(j => j.Id)];
    }

    public IReadOnlyList<PendingOperation> Operations(int first, int count)
    {
        lock (_lock)
            return [.. _open.Values.Skip(first).Take(count)];
    }

    public void Retry(IReadOnlyList<PendingOperation> failed)
    {
        foreach (IGrouping<OperationJob?, FakeOperation> some in failed.Cast<FakeOperation>().GroupBy(o => o.Job))
        {
            FakeOperation[] all = [.. some];
            FakeJob? job = some.Key is { } of ? NewJob(of.Kind, of.Title, of.Caller, of.Directory, all.Length) : null;
            foreach (FakeOperation old in all)
                Forget(old);
            Remove(all[0].Caller, all[0].Directory, [.. all.Select(o => o.Entry)], job, all[0].Kind, all[0].IsWhole);
        }
    }

    public OperationJob Retry(OperationJob finished)
    {
        FakeOperation[] failed;
        lock (_lock)
            failed = [.. _open.Values.Where(o => o.Job == finished && o.State == OperationState.Failed)];
        FakeJob job = NewJob(finished.Kind, finished.Title, finished.Caller, finished.Directory, failed.Length);
        foreach (FakeOperation operation in failed)
            Forget(operation);
        if (failed.Length > 0)
            Remove(finished.Caller, finished.Directory, [.. failed.Select(f => f.Entry)], job, failed[0].Kind, failed[0].IsWhole);
        return job;
    }

    public async Task<OperationJob?> UndoAsync(OperationJob job)
    {
        job.Cancel();
        await job.Completion;
        return job is FakeJob fake && fake.TryBeginUndo() ? files.RestoreMany(job.Caller, job.Trashed) : null;
    }

    public void Dismiss(PendingOperation failed)
    {
        FakeOperation old = (FakeOperation)failed;
        Forget(old);
        files.DirectoryOf(old.Directory).Mark(old.Name, null);
    }

    public void Dismiss(OperationJob job)
    {
        FakeOperation[] failed;
        lock (_lock)
        {
            if (!job.IsFinished || !_jobs.Remove((FakeJob)job))
                return;
            failed = [.. _open.Values.Where(o => o.Job == job)];
        }
        foreach (FakeOperation operation in failed)
            Dismiss(operation);
        Interlocked.Increment(ref _counter);
    }

    public bool TryCancel(PendingOperation queued)
    {
        FakeOperation operation = (FakeOperation)queued;
        if (!operation.TryMove(OperationState.Queued, OperationState.Cancelled))
            return false;
        Close(operation);
        return true;
    }

    internal FakeJob NewJob(JobKind kind, string title, Caller caller, InodeId directory, int total)
    {
        FakeJob job = new(Interlocked.Increment(ref _next), kind, title, caller, directory, files.PathOf(directory), total, files.Time);
        lock (_lock)
            _jobs.Add(job);
        return job;
    }

    /// <summary>Does it at once.</summary>
    internal FakeOperation Do(OperationKind kind, Caller caller, InodeId directory, FileName name, FakeJob? job, Func<FsErrno> act)
    {
        FakeOperation operation = new(Interlocked.Increment(ref _next), kind, caller, directory, new DirectoryEntry(name, new InodeAttributes { Ino = InodeId.None, Mode = 0 }), job, files.Time);
        FsErrno errno = act();
        operation.TryMove(OperationState.Queued, OperationState.Sent);
        operation.TryMove(OperationState.Sent, errno == FsErrno.Ok ? OperationState.Done : OperationState.Failed, errno);
        job?.Count(operation);
        Interlocked.Increment(ref _counter);
        return operation;
    }

    /// <param name="whole">Folders go with what is in them.</param>
    internal List<FakeOperation> Remove(
        Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries, FakeJob? job, OperationKind? of = null, bool whole = false)
    {
        FakeDirectory home = files.DirectoryOf(directory);
        List<FakeOperation> made = [];
        foreach (DirectoryEntry entry in entries)
        {
            OperationKind kind = of ?? (entry.Attributes.IsDirectory ? OperationKind.Rmdir : OperationKind.Unlink);
            FakeOperation operation = new(Interlocked.Increment(ref _next), kind, caller, directory, entry, job, files.Time) { IsWhole = whole || kind == OperationKind.Trash };
            made.Add(operation);
            home.Mark(entry.Name, operation);
        }
        lock (_lock)
        {
            foreach (FakeOperation operation in made)
            {
                _open.Add(operation.Id, operation);
                _queue.Enqueue(operation);
            }
            if (!_running)
            {
                _running = true;
                _ = Task.Run(RunAsync);
            }
        }
        Interlocked.Increment(ref _counter);
        return made;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            int rate = Math.Max(1, files.RemovalsPerSecond);
            await Task.Delay(TimeSpan.FromMilliseconds(rate < 50 ? 1000 / rate : 20), files.Time);
            int slice = Math.Max(1, rate / 50);
            for (int i = 0; i < slice; i++)
            {
                FakeOperation? operation;
                lock (_lock)
                {
                    if (!_queue.TryDequeue(out operation))
                    {
                        _running = false;
                        return;
                    }
                    if (operation.FakeJob is { IsPaused: true, IsCancelled: false })
                    {
                        _queue.Enqueue(operation);
                        continue;
                    }
                }
                CarryOut(operation);
            }
            Interlocked.Increment(ref _counter);
        }
    }

    private void CarryOut(FakeOperation operation)
    {
        OperationState next = operation.FakeJob is { IsCancelled: true } ? OperationState.Cancelled : OperationState.Sent;
        if (!operation.TryMove(OperationState.Queued, next))
            return;
        if (next == OperationState.Cancelled)
        {
            Close(operation);
            return;
        }
        FakeDirectory home = files.DirectoryOf(operation.Directory);
        FakeInode? inode = home.Find(operation.Name);
        FsErrno errno = inode is null ? FsErrno.NoEntry
            : inode.Attributes.Ino != operation.Entry.Attributes.Ino ? FsErrno.Stale
            : inode.Directory is { Count: > 0 } && !operation.IsWhole ? FsErrno.NotEmpty
            : inode.RemovalFails;
        if (errno == FsErrno.Ok)
        {
            home.Remove(operation.Name);
            if (operation.Kind == OperationKind.Trash)
                operation.Put = files.Trash.Put(operation.Caller, operation.Directory, operation.Name, inode!);
            operation.TryMove(OperationState.Sent, OperationState.Done);
            Close(operation);
            return;
        }
        operation.TryMove(OperationState.Sent, OperationState.Failed, errno);
        Interlocked.Increment(ref _failed);
        home.Mark(operation.Name, operation);
        operation.FakeJob?.Count(operation);
    }

    private void Close(FakeOperation operation)
    {
        lock (_lock)
            _open.Remove(operation.Id);
        files.DirectoryOf(operation.Directory).Mark(operation.Name, null);
        operation.FakeJob?.Count(operation);
        Interlocked.Increment(ref _counter);
    }

    private void Forget(FakeOperation operation)
    {
        lock (_lock)
            if (_open.Remove(operation.Id))
                Interlocked.Decrement(ref _failed);
        Interlocked.Increment(ref _counter);
    }
}
