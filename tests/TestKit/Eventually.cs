using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Capstan.TestKit;

/// <summary>Waits for an event, not for a time; a wait that fails says who waited for what.</summary>
public static class Eventually
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>The result of an event that comes as a task.</summary>
    public static async Task<T> OfAsync<T>(
        Task<T> happening, string what, TimeSpan? timeout = null,
        [CallerMemberName] string who = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        await OfAsync((Task)happening, what, timeout, who, file, line);
        return await happening;
    }

    public static async Task OfAsync(
        Task happening, string what, TimeSpan? timeout = null,
        [CallerMemberName] string who = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        TimeSpan limit = timeout ?? DefaultTimeout;
        using CancellationTokenSource giveUp = new();
        if (await Task.WhenAny(happening, Task.Delay(limit, giveUp.Token)) != happening)
            throw Expired(limit, what, null, who, file, line);
        giveUp.Cancel();
        await happening;
    }

    /// <summary>For what tells nobody when it happens: the state of another process, a file, a counter. Asks every few milliseconds.</summary>
    public static async Task TrueAsync(
        Func<bool> condition, string what, TimeSpan? timeout = null, Func<string>? state = null,
        [CallerMemberName] string who = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        TimeSpan limit = timeout ?? DefaultTimeout;
        long begin = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(PollInterval);
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > limit)
                throw Expired(limit, what, state?.Invoke(), who, file, line);
            await timer.WaitForNextTickAsync();
        }
    }

    private static TimeoutException Expired(TimeSpan limit, string what, string? state, string who, string file, int line) =>
        new($"{who} ({Path.GetFileName(file)}:{line}) waited {limit.TotalSeconds:0.###} s for {what}, in vain.{(state is null ? "" : $" It is: {state}")}");
}
