using Capstan.ClientGateway.Session;
using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

// Jobs: many operations that were asked for as one.
internal sealed partial class OperationTable
{
    private readonly List<OperationJob> _jobs = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<OperationJob> Jobs => _jobs;

    /// <summary>Called, without the lock, when something was sent by other ways than a call of the client.</summary>
    public Action? Wake { get; set; }

    public TrackedJob AddJob(JobKind kind, string title, Caller caller, InodeId directory, int total, IJobNotes? notes = null, string? place = null, TimeSpan ageBefore = default)
    {
        TrackedJob job = new(this, time, _nextId++, kind, title, caller, directory, total) { Place = place ?? PlaceOf(directory), Notes = notes, AgeBefore = ageBefore };
        AddJob(job);
        return job;
    }

    public long NewJobId() => _nextId++;

    public void AddJob(OperationJob job)
    {
        _jobs.Insert(0, job);
        for (int i = _jobs.Count - 1; i >= 0 && _jobs.Count > options.FinishedJobsKept; i--)
        {
            if (!_jobs[i].IsFinished)
                continue;
            _jobs[i].Discard();
            _jobs.RemoveAt(i);
        }
        ChangeCounter++;
    }

    public bool IsConnected
    {
        get
        {
            lock (gate)
                return session.State == SessionState.Open;
        }
    }

    /// <summary>Something that is shown of a job is different.</summary>
    public void Changed()
    {
        lock (gate)
            ChangeCounter++;
    }

    public void Cancel(TrackedJob job)
    {
        lock (gate)
        {
            foreach (TrackedOperation operation in QueuedOf(job))
                TryCancel(operation);
            _trees.Find(t => t.Job == job)?.Cancel();
        }
    }

    /// <summary>So many of a cancelled job's were not even taken in.</summary>
    public void LeaveOut(TrackedJob job, int operations)
    {
        for (int i = 0; i < operations; i++)
            job.Count(OperationState.Cancelled);
        ChangeCounter++;
    }

    /// <summary>Nothing of the job is sent from here on. Only who wants one of its names waits for it meanwhile; a rename or rmdir beside it does not.</summary>
    public void Pause(TrackedJob job)
    {
        lock (gate)
        {
            if (job.IsFinished || job.IsPaused)
                return;
            job.IsPaused = true;
            ChangeCounter++;
            foreach (TrackedOperation operation in QueuedOf(job))
                LetBystandersGo(operation);
        }
    }

    public void Resume(TrackedJob job)
    {
        lock (gate)
        {
            if (!job.IsPaused)
                return;
            job.IsPaused = false;
            ChangeCounter++;
            while (job.Held.TryDequeue(out TrackedOperation? operation))
            {
                if (operation.State == OperationState.Queued)
                    Submit(operation);
            }
            PumpTrees();
        }
        Wake?.Invoke();
    }

    /// <summary>What keeps a job from getting on, in words; null when nothing does.</summary>
    public string? WaitingFor(TrackedJob job)
    {
        lock (gate)
        {
            if (job.IsFinished || job.IsPaused)
                return null;
            if (session.State != SessionState.Open)
                return "the metadata server";
            if (job.InFlight > 0)
                return null;
            // Nothing of it is under way: either its turn has not come, or somebody has the name.
            return _shown.FirstOrDefault(o => o.TrackedJob == job && o.State == OperationState.Queued) is { Blockers: > 0 } blocked
                ? $"another operation on {blocked.Name}"
                : null;
        }
    }

    /// <summary>Forgets a finished job and what is left of its failures.</summary>
    public void Dismiss(OperationJob job)
    {
        JobState state = job.State;
        if (state is not (JobState.Finished or JobState.Interrupted) || !_jobs.Remove(job))
            return;
        ChangeCounter++;
        job.Discard();
        foreach (JobFailure failure in job.Failures)
        {
            if (failure.Operation is TrackedOperation { Node: not null } operation)
                Dismiss(operation);
        }
    }

    private TrackedOperation[] QueuedOf(TrackedJob job) => [.. _shown.Where(o => o.TrackedJob == job && o.State == OperationState.Queued)];

    public string PlaceOf(InodeId directory) => directory == InodeId.Trash ? "Trash" : directories.Find(directory)?.Path ?? "";

    private void LetBystandersGo(TrackedOperation paused)
    {
        if (paused.Dependents is not { } dependents)
            return;
        foreach (TrackedOperation bystander in dependents.Where(d => d.TrackedJob != paused.TrackedJob && d.Behind?.Exists(b => b.Earlier == paused) != true).ToArray())
        {
            dependents.Remove(bystander);
            if (--bystander.Blockers > 0)
                continue;
            if (bystander.IsTerminal)
                LetDependentsGo(bystander);
            else
                Submit(bystander);
        }
    }
}
