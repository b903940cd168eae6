using System.Diagnostics;
using Capstan.ClientGateway;

namespace Capstan.Simulation;

/// <summary>Plays seeds one after the other, tells of those that fail, and counts what all of them have met.</summary>
public sealed class Player(string scratch, int? maxDirectories = null)
{
    private const int FailuresTold = 3;
    private const int LinesTold = 400;

    private readonly List<int> _failed = [];
    private readonly long[] _fallbacks = new long[Enum.GetValues<FallbackReason>().Length];
    private long _steps;
    private long _operations;
    private long _done;
    private long _reads;
    private TimeSpan _time;

    public int Played { get; private set; }

    public IReadOnlyList<int> Failed => _failed;

    /// <summary>Faults and circumstances by name, over all schedules.</summary>
    public SortedDictionary<string, long> Met { get; } = new(StringComparer.Ordinal);

    public long Unlinks { get; private set; }

    public long Asynchronous { get; private set; }

    /// <summary>Plays until the last seed or the end of the time, with a player of its own scratch directory.</summary>
    /// <param name="toMeet">What is rare is waited for: up to five times as long, until each of these has been met.</param>
    /// <param name="maxDirectories">Of which each gateway keeps something; null: as the seed says.</param>
    public static Player Play(int first, int last, TimeSpan atMost, bool withTrace, TextWriter output, IReadOnlyList<string>? toMeet = null, int? maxDirectories = null)
    {
        string scratch = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"simulation-{Environment.ProcessId}-{first}")).FullName;
        Player player = new(scratch, maxDirectories);
        Stopwatch clock = Stopwatch.StartNew();
        for (int seed = first; seed <= last && (clock.Elapsed < atMost || (clock.Elapsed < 5 * atMost && toMeet?.Any(what => !player.Met.ContainsKey(what)) == true)); seed++)
            player.Play(seed, withTrace, output);
        player._time = clock.Elapsed;
        Directory.Delete(scratch, recursive: true);
        return player;
    }

    public void Tell(TextWriter output)
    {
        output.WriteLine($"{Played} schedules, {_steps} steps, {_operations} operations ({_done} done), {_reads} reads checked, in {_time.TotalSeconds:F1} s; failed: {(_failed.Count == 0 ? "none" : string.Join(", ", _failed))}");
        output.WriteLine($"{Unlinks} unlinks, {Asynchronous} ahead of the reply ({100.0 * Asynchronous / Math.Max(1, Unlinks):F1} %); by reason: {string.Join(", ", _fallbacks.Select((n, i) => (n, i)).Where(f => f.n > 0).Select(f => $"{(FallbackReason)f.i} {f.n}"))}");
        foreach ((string what, long times) in Met)
            output.WriteLine($"{times,12}  {what}");
    }

    /// <summary>A run of one seed as a person can follow it, and what went wrong, if anything.</summary>
    public static (IReadOnlyList<string> Trace, string? Wrong) Trace(int seed, string scratch, int? maxDirectories = null)
    {
        using Schedule schedule = new(seed, scratch, isTraced: true, maxDirectories);
        string? wrong = schedule.Play();
        return (schedule.Trace, wrong);
    }

    private void Play(int seed, bool withTrace, TextWriter output)
    {
        string? wrong;
        using (Schedule schedule = new(seed, scratch, maxDirectories: maxDirectories))
        {
            wrong = schedule.Play();
            schedule.Dispose();
            Count(schedule);
        }
        if (wrong is not null)
            _failed.Add(seed);
        if (withTrace || (wrong is not null && _failed.Count <= FailuresTold))
        {
            IReadOnlyList<string> trace = Trace(seed, scratch, maxDirectories).Trace;
            foreach (string line in withTrace ? trace : trace.TakeLast(LinesTold))
                output.WriteLine(line);
        }
        if (wrong is not null)
            output.WriteLine($"Seed {seed} failed: {wrong}");
    }

    private void Count(Schedule schedule)
    {
        Played++;
        _steps += schedule.Steps;
        _operations += schedule.Operations;
        _done += schedule.Succeeded;
        _reads += schedule.Reads;
        Unlinks += schedule.Unlinks;
        Asynchronous += schedule.Asynchronous;
        for (int i = 0; i < _fallbacks.Length; i++)
            _fallbacks[i] += schedule.Fallbacks(i);
        foreach ((string what, long times) in schedule.Met)
            Met[what] = Met.GetValueOrDefault(what) + times;
    }
}
