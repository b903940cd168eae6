using Capstan.TestKit;

namespace Capstan.Browser.Tests;

/// <summary>Pictures that a run leaves for people to look at, in a folder that git ignores.</summary>
internal static class Artifacts
{
    public static string Path(string name)
    {
        string directory = System.IO.Path.Combine(BuiltProgram.RepositoryRoot, "artifacts", "screenshots");
        Directory.CreateDirectory(directory);
        return System.IO.Path.Combine(directory, name);
    }
}
