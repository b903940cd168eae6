using System.Diagnostics;

namespace Capstan.TestKit;

/// <summary>Prometheus' own judge of its text format (Debian's package prometheus).</summary>
public static class Promtool
{
    public static bool IsInstalled => ExternalTool.Find("promtool") is not null;

    /// <summary>What <c>promtool check metrics</c> finds wrong; its exit code is 0 when that is nothing.</summary>
    public static async Task<FinishedProgram> CheckMetricsAsync(string text)
    {
        ProcessStartInfo start = new("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        await Eventually.OfAsync(process.WaitForExitAsync(), "promtool's judgement");
        return new FinishedProgram(process.ExitCode, await output + await errors);
    }
}
