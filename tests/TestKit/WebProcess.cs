namespace Capstan.TestKit;

/// <summary>Capstan started as a user starts it: a process of its own, with the arguments of the README.</summary>
public static class WebProcess
{
    public static async Task<(ChildProcess Process, string Url)> StartAsync(params string[] arguments)
    {
        ChildProcess process = await ChildProcess.StartProjectAsync("WebUi", [.. arguments, "--listen", "http://127.0.0.1:0"], @"is ready: (http://[^/ ]+)/", timeout: TimeSpan.FromSeconds(90));
        return (process, process.Ready.Groups[1].Value);
    }

    /// <summary>Does not wait until it is ready.</summary>
    public static ChildProcess Launch(params string[] arguments) => ChildProcess.LaunchProject("WebUi", [.. arguments, "--listen", "http://127.0.0.1:0"]);
}
