using System.Diagnostics;
using Capstan.ClientGateway;

namespace Capstan.Simulation;

/// <summary>Plays seeds one after the other and tells of those that fail.</summary>
public static class Player
{
    private const int FailuresTold = 3;

    /// <summary>How many failed.</summary>
    public static int Play(int first, int last, TimeSpan atMost, bool withTrace, TextWriter output)
    {
        string scratch = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"simulation-{Environment.ProcessId}-{first}")).FullName;
        Stopwatch clock = Stopwatch.StartNew();
        long steps = 0, operations = 0, ahead = 0, done = 0;
        int played = 0;
        long[] fallbacks = new long[Enum.GetValues<FallbackReason>().Length];
        List<int> failed = [];
        for (int seed = first; seed <= last && clock.Elapsed < atMost; seed++, played++)
        {
            using Schedule schedule = new(seed, scratch);
            string? wrong = schedule.Play();
            steps += schedule.Steps;
            operations += schedule.Operations;
            ahead += schedule.Asynchronous;
            done += schedule.Succeeded;
            for (int i = 0; i < fallbacks.Length; i++)
                fallbacks[i] += schedule.Fallbacks(i);
            if (wrong is not null)
                failed.Add(seed);
            if (withTrace || (wrong is not null && failed.Count <= FailuresTold))
            {
                foreach (string line in withTrace ? schedule.Trace : schedule.Trace.TakeLast(400))
                    output.WriteLine(line);
            }
            if (wrong is not null)
                output.WriteLine($"Seed {seed} failed: {wrong}");
        }
        Directory.Delete(scratch, recursive: true);
        output.WriteLine($"{played} schedules, {steps} steps, {operations} operations ({done} done, {ahead} ahead of the reply) in {clock.Elapsed.TotalSeconds:F1} s; failed: {(failed.Count == 0 ? "none" : string.Join(", ", failed))}");
        output.WriteLine($"Unlinks by reason: {string.Join(", ", fallbacks.Select((n, i) => $"{(FallbackReason)i} {n}"))}");
        return failed.Count;
    }
}
