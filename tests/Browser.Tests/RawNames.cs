using System.Diagnostics;

namespace Capstan.Browser.Tests;

/// <summary>Files by names that are no text: .NET has no way to say them, and cannot remove them either; the shell can.</summary>
internal static class RawNames
{
    public static Task WriteAsync(string directory, byte[] name)
    {
        string escaped = string.Concat(name.Select(b => $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}"));
        return ShellAsync(directory, $"touch \"$(printf '{escaped}')\"");
    }

    public static Task RemoveTreeAsync(string directory) => ShellAsync(Path.GetDirectoryName(directory)!, $"rm -rf -- '{Path.GetFileName(directory)}'");

    private static async Task ShellAsync(string directory, string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = directory })!;
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
