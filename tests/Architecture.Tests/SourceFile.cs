using System.Text.RegularExpressions;

namespace Capstan.Architecture.Tests;

/// <summary>A source file of the product: its room and folder, and its code without comments.</summary>
internal sealed partial record SourceFile(string Project, string Folder, string Path, string Code)
{
    private static readonly string Root = FindRoot();

    public static string RepositoryRoot => Root;

    /// <summary>Every .cs and .razor file of the four rooms.</summary>
    public static IReadOnlyList<SourceFile> OfTheProduct { get; } =
        [.. new[] { "Shared", "Mds", "ClientGateway", "WebUi" }.SelectMany(Of)];

    /// <summary>The folders of the project's namespaces that this file names, by a using or by qualifying.</summary>
    public IEnumerable<string> UsedFolders(string project) =>
        Regex.Matches(Code, $@"\bCapstan\.{project}\.(?<folder>[A-Z]\w*)").Select(match => match.Groups["folder"].Value).Distinct();

    public bool Uses(string project) => Regex.IsMatch(Code, $@"\bCapstan\.{project}\b");

    public override string ToString() => Path;

    private static IEnumerable<SourceFile> Of(string project)
    {
        string root = System.IO.Path.Combine(Root, project);
        foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            string path = System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/');
            string[] parts = path.Split('/');
            if (System.IO.Path.GetExtension(file) is not (".cs" or ".razor") || parts[1] is "bin" or "obj")
                continue;
            yield return new SourceFile(project, parts.Length > 2 ? parts[1] : "", path, WithoutComments(File.ReadAllText(file)));
        }
    }

    private static string WithoutComments(string code) => Comments().Replace(code, "");

    /// <summary>A "//" inside a string is no comment when a ':' stands before it, which is the case that occurs.</summary>
    [GeneratedRegex(@"/\*.*?\*/|@\*.*?\*@|(?<!:)//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comments();

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Web.sln")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException("No Web.sln above the test.");
    }
}
