using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Capstan.TestKit;

/// <summary>A program of a test's own, with what it printed. Ended, by its id alone, when the test ends.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;
    private const int SigTerm = 15;
    private const int LinesKept = 200;

    private readonly Process _process;
    private readonly string _name;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly Regex _ready;
    private readonly TaskCompletionSource<Match> _readiness = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, string name, Regex ready)
    {
        _process = process;
        _name = name;
        _ready = ready;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The line that told of readiness, with the groups of its pattern: the port, say.</summary>
    public Match Ready { get; private set; } = Match.Empty;

    /// <summary>The last lines of both outputs.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Starts the program and waits until a line of its output matches <paramref name="ready"/>.</summary>
    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, string ready, string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null, TimeSpan? timeout = null)
    {
        ChildProcess child = Launch(program, arguments, ready, workingDirectory, environment);
        try
        {
            child.Ready = await Eventually.OfAsync(child._readiness.Task, $"'{ready}' from {child._name}", timeout);
            return child;
        }
        catch (Exception e)
        {
            await child.DisposeAsync();
            throw new InvalidOperationException($"{e.Message}\n{child.Output}", e);
        }
    }

    private static ChildProcess Launch(string program, IEnumerable<string> arguments, string ready, string? workingDirectory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        Process process = new() { StartInfo = start, EnableRaisingEvents = true };
        ChildProcess child = new(process, $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList.Take(2).Select(Path.GetFileName))}", new Regex(ready));
        process.OutputDataReceived += (_, e) => child.Take(e.Data);
        process.ErrorDataReceived += (_, e) => child.Take(e.Data);
        process.Exited += (_, _) => child._readiness.TrySetException(new InvalidOperationException($"{child._name} ended before it was ready."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary><c>dotnet</c> with the built program of one of our projects.</summary>
    public static Task<ChildProcess> StartProjectAsync(
        string project, IEnumerable<string> arguments, string ready, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? timeout = null) =>
        StartAsync("dotnet", [BuiltProgram.PathOf(project), .. arguments], ready, environment: environment, timeout: timeout);

    /// <summary>The same without waiting for anything: for who sees by other means what it does, and kills it before it is ready.</summary>
    public static ChildProcess LaunchProject(string project, IEnumerable<string> arguments) => Launch("dotnet", [BuiltProgram.PathOf(project), .. arguments], "$^");

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Eventually.OfAsync(_process.WaitForExitAsync(), $"the end of {_name}, which was killed");
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync(TimeSpan? timeout = null)
    {
        Signal(SigTerm);
        await Eventually.OfAsync(_process.WaitForExitAsync(), $"the end of {_name}, which was asked to stop", timeout);
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP: it is there and does nothing.</summary>
    public void Suspend() => Signal(SigStop);

    public void Resume() => Signal(SigCont);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                await KillAsync();
        }
        catch (InvalidOperationException)
        {
            // It ended in between, or never began.
        }
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited && kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} to {_name} failed: errno {Marshal.GetLastPInvokeError()}.");
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
                _lines.Dequeue();
        }
        if (_ready.Match(line) is { Success: true } match)
            _readiness.TrySetResult(match);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}
