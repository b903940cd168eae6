using System.Diagnostics;

namespace Capstan.TestKit;

/// <summary>A program that has run to its end, with all that it printed.</summary>
public sealed record FinishedProgram(int ExitCode, string Output)
{
    /// <summary>Runs <c>dotnet</c> with the built program of one of our projects.</summary>
    public static Task<FinishedProgram> RunProjectAsync(string project, IEnumerable<string> arguments, TimeSpan? timeout = null) =>
        RunAsync("dotnet", [BuiltProgram.PathOf(project), .. arguments], timeout);

    public static async Task<FinishedProgram> RunAsync(string program, IEnumerable<string> arguments, TimeSpan? timeout = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Eventually.OfAsync(process.WaitForExitAsync(), $"the end of {program} {string.Join(' ', start.ArgumentList)}", timeout);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
        return new FinishedProgram(process.ExitCode, await output + await errors);
    }
}
