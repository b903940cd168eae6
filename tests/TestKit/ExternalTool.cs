namespace Capstan.TestKit;

/// <summary>Programs that some tests need and this repository does not bring. Where CI is true nothing may be missing.</summary>
public static class ExternalTool
{
    public static bool MustExist => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Full path of a program on the PATH, or null.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
}
