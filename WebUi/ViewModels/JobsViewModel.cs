using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>Jobs with their rates. Polled: <see cref="Tick"/> costs one comparison while nothing changes.</summary>
public sealed class JobsViewModel(IOperationLog log, TimeProvider time)
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);

    private readonly Dictionary<long, RateMeter> _rates = [];
    private readonly Dictionary<long, DateTimeOffset> _finished = [];
    private readonly HashSet<long> _dismissed = [];
    private readonly DateTimeOffset _opened = time.GetUtcNow();
    private long _counter = -1;

    public IReadOnlyList<JobProgress> Jobs { get; private set; } = [];

    /// <summary>Those that deserve a toast: running, or finished a moment ago under the eyes of this user.</summary>
    public IReadOnlyList<JobProgress> Toasts { get; private set; } = [];

    /// <summary>Keeps finished toasts while the user points at them.</summary>
    public bool IsHeld { get; set; }

    /// <summary>For screen readers: the start and the end of jobs, and nothing between.</summary>
    public string Announcement { get; private set; } = "";

    public bool Tick()
    {
        long counter = log.ChangeCounter;
        if (counter == _counter && Toasts.Count == 0)
            return false;
        _counter = counter;
        DateTimeOffset now = time.GetUtcNow();
        Jobs = [.. log.Jobs().Select(job => Take(job, now))];
        IReadOnlyList<JobProgress> before = Toasts;
        Toasts = [.. Jobs.Where(job => DeservesToast(job, now)).Take(4)];
        Announce(before);
        Forget();
        return true;
    }

    public void Dismiss(JobProgress job) => Dismiss(job.Job);

    public void Dismiss(OperationJob job)
    {
        _dismissed.Add(job.Id);
        _counter = -1;
    }

    private JobProgress Take(OperationJob job, DateTimeOffset now)
    {
        if (!_rates.TryGetValue(job.Id, out RateMeter? rate))
            _rates[job.Id] = rate = new RateMeter();
        int done = job.Done;
        int failed = job.Failed;
        rate.Sample(now, done + failed);
        bool finished = job.IsFinished;
        if (finished)
            _finished.TryAdd(job.Id, now);
        return new JobProgress(job, job.Total, done, failed, job.Cancelled, finished, rate.PerSecond);
    }

    private bool DeservesToast(JobProgress job, DateTimeOffset now)
    {
        if (_dismissed.Contains(job.Id))
            return false;
        if (!job.IsFinished)
            return true;
        bool mine = now - job.Job.Age >= _opened || Toasts.Any(t => t.Id == job.Id);
        return mine && (now - _finished[job.Id] < Linger || (IsHeld && Toasts.Any(t => t.Id == job.Id)));
    }

    private void Announce(IReadOnlyList<JobProgress> before)
    {
        if (Toasts.FirstOrDefault(t => before.All(b => b.Id != t.Id)) is { } started)
            Announcement = started.Headline;
        else if (Toasts.FirstOrDefault(t => t.IsFinished && before.Any(b => b.Id == t.Id && !b.IsFinished)) is { } ended)
            Announcement = $"{ended.Headline}. {ended.Summary}";
    }

    private void Forget()
    {
        HashSet<long> known = [.. Jobs.Select(j => j.Id)];
        foreach (long id in _rates.Keys.Where(id => !known.Contains(id)).ToList())
        {
            _rates.Remove(id);
            _finished.Remove(id);
            _dismissed.Remove(id);
        }
    }
}
