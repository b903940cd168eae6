namespace Capstan.Architecture.Tests;

/// <summary>
/// The direction between the folders of a project: which of its neighbours a folder may name. Files at a project's root
/// are its face and may be named by all; they, and Hosting, see everything.
/// </summary>
public sealed class FolderTests
{
    private static readonly string[] Everything = ["*"];

    private static readonly Dictionary<string, Dictionary<string, string[]>> Allowed = new()
    {
        ["Shared"] = new()
        {
            ["Messages"] = [],
            ["Pages"] = [],
            ["Grpc"] = [],
            ["Metrics"] = [],
            ["Wire"] = ["Messages", "Protos"],
        },
        ["Mds"] = new()
        {
            ["Posix"] = [],
            ["Storage"] = [],
            ["Namespace"] = ["Storage"],
            // A cap record belongs to a session: the table holds it, and the session does not know the table's rules.
            ["Caps"] = ["Storage", "Sessions"],
            ["Sessions"] = ["Caps", "Namespace", "Storage"],
            ["Content"] = ["Storage", "Posix"],
            ["Admin"] = ["Namespace", "Storage", "Content", "Posix", "Sessions", "Caps"],
            ["Hosting"] = Everything,
        },
        ["ClientGateway"] = new()
        {
            ["Session"] = [],
            ["Caps"] = ["Session"],
            ["SharedCache"] = [],
            // One layer: what is cached of a directory, of an entry, and what is pending on both.
            ["Attributes"] = ["Directories", "Operations", "Caps", "Session"],
            ["Directories"] = ["Attributes", "Operations", "Caps", "Session", "SharedCache"],
            ["Operations"] = ["Attributes", "Directories", "Caps", "Session"],
            // Only those who look know of arrangements: what is cached tells its follower, whoever that is.
            ["Views"] = ["Directories", "Operations"],
            // Jobs that take many round trips, over the client's calls.
            ["Jobs"] = ["Directories", "Operations", "Session"],
            ["Walks"] = ["Directories", "Operations", "Views"],
            ["Hubs"] = [],
            ["Administration"] = ["Attributes", "Directories", "Operations", "Caps", "Session", "SharedCache"],
        },
        ["WebUi"] = new()
        {
            ["ViewModels"] = [],
            ["Components"] = ["ViewModels", "Hosting", "Administration"],
            ["Transfers"] = ["ViewModels", "Hosting"],
            ["Administration"] = ["ViewModels", "Hosting"],
            ["Auth"] = ["Hosting"],
            ["Hosting"] = Everything,
        },
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folder_NamesOnlyWhatItMay(string project)
    {
        List<string> wrong = [];
        foreach (SourceFile file in SourceFile.OfTheProduct.Where(file => file.Project == project && file.Folder.Length > 0))
        {
            if (!Allowed[project].TryGetValue(file.Folder, out string[]? allowed))
            {
                wrong.Add($"{file.Path}: {project}/{file.Folder} has no direction yet; give it one in {nameof(FolderTests)}.");
                continue;
            }
            if (allowed == Everything)
                continue;
            wrong.AddRange(file.UsedFolders(project)
                .Where(used => used != file.Folder && (Allowed[project].ContainsKey(used) || used == "Protos") && !allowed.Contains(used))
                .Select(used => $"{file.Path}: {file.Folder} -> {used}"));
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("Shared", @"Wire/")]
    [InlineData("Mds", @"Storage/")]
    [InlineData("ClientGateway", @"Session/")]
    public void Scan_FindsTheSource(string project, string folder) =>
        Assert.Contains(SourceFile.OfTheProduct, file => file.Path.StartsWith($"{project}/{folder}", StringComparison.Ordinal));
}
