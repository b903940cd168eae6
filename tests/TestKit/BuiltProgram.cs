namespace Capstan.TestKit;

/// <summary>Where the build put things, seen from a running test.</summary>
public static class BuiltProgram
{
    /// <summary>The directory that holds Web.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The program of a project, built in the same configuration as the test.</summary>
    public static string PathOf(string project)
    {
        // tests/X/bin/Release/net10.0/
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string path = Path.Combine(RepositoryRoot, project, "bin", framework.Parent!.Name, framework.Name, $"Capstan.{Path.GetFileName(project)}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} has not been built.", path);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Web.sln")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException("No Web.sln above the test.");
    }
}
