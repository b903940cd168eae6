namespace Capstan.Mds.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("capstan-mds-").FullName;

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Not by .NET, which cannot name a file whose name is no UTF-8.</summary>
    public void Dispose()
    {
        using System.Diagnostics.Process rm = System.Diagnostics.Process.Start("rm", ["-rf", "--", Path]);
        rm.WaitForExit();
    }
}
