using System.Text.RegularExpressions;

namespace Capstan.Architecture.Tests;

/// <summary>Rules of STYLE that a compiler does not know.</summary>
public sealed partial class HouseRuleTests
{
    private static readonly HashSet<string> TopLevel =
    [
        "WebUi", "ClientGateway", "Mds", "Shared", "tests", "wwwroot-assets", "docs", "README.md", "Web.sln", "LICENSE", "global.json",
        "Directory.Build.props", "Directory.Packages.props", "Directory.Build.targets", ".ci", ".git", ".gitignore", ".editorconfig", ".gitattributes",
    ];

    /// <summary>What .gitignore names, and editors leave behind.</summary>
    private static readonly HashSet<string> Ignored = ["bin", "obj", "data", "artifacts", "TestResults", "node_modules", ".vs", ".idea", ".vscode"];

    [Fact]
    public void Repository_TopLevel_HasOnlyTheRooms() =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(SourceFile.RepositoryRoot).Select(path => Path.GetFileName(path)).Except(TopLevel).Except(Ignored));

    [Fact]
    public void Product_Time_ComesFromATimeProvider()
    {
        List<string> wrong = [];
        foreach (SourceFile file in SourceFile.OfTheProduct)
        {
            wrong.AddRange(WallClock().Matches(file.Code).Select(match => $"{file.Path}: {match.Value}"));
            wrong.AddRange(Waits().Matches(file.Code).Where(match => !TimeArgument().IsMatch(match.Groups["arguments"].Value)).Select(match => $"{file.Path}: {match.Value}"));
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Product_Logs_AreGenerated() =>
        Assert.Empty(SourceFile.OfTheProduct.Where(file => UngeneratedLog().IsMatch(file.Code)).Select(file => file.Path));

    /// <summary>Who watches the logs of a machine knows an event by its number.</summary>
    [Fact]
    public void Product_Logs_HaveNumbersOfTheirOwn()
    {
        List<string> numbers = [.. SourceFile.OfTheProduct.SelectMany(file => LogNumber().Matches(file.Code).Select(match => match.Groups["number"].Value))];
        Assert.NotEmpty(numbers);
        Assert.Empty(numbers.GroupBy(number => number).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.Equal(SourceFile.OfTheProduct.Sum(file => LogMessage().Count(file.Code)), numbers.Count);
    }

    [Fact]
    public void Product_Classes_AreSealedUnlessInherited()
    {
        Type[] types = [.. new[] { typeof(Shared.FileName), typeof(ClientGateway.IFileSystemClient) }.Select(type => type.Assembly).SelectMany(assembly => assembly.GetTypes())];
        HashSet<Type> bases = [.. types.Select(type => type.BaseType).OfType<Type>().Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type)];
        Assert.Empty(types.Where(type =>
            type is { IsClass: true, IsAbstract: false, IsSealed: false } && !bases.Contains(type)
            && type.Namespace?.StartsWith("Capstan.", StringComparison.Ordinal) == true
            && type.Namespace != "Capstan.Shared.Protos" && !type.Name.Contains('<')).Select(type => type.FullName));
    }

    [Fact]
    public void Product_Namespaces_AreFolders()
    {
        // The gRPC layer has the packages' namespaces: that is its point.
        IEnumerable<string> wrong = SourceFile.OfTheProduct
            .Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) && !file.Path.StartsWith("Shared/Grpc/", StringComparison.Ordinal))
            .Select(file => (file.Path, Namespace: NamespaceLine().Match(file.Code).Groups["name"].Value))
            .Where(file => file.Namespace.Length > 0 && file.Namespace != "Capstan." + Path.GetDirectoryName(file.Path)!.Replace('\\', '.').Replace('/', '.'))
            .Select(file => $"{file.Path}: {file.Namespace}");
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bThread\.Sleep\b|\bStopwatch\.\w+|\bEnvironment\.TickCount\w*")]
    private static partial Regex WallClock();

    /// <summary>Up to the end of the statement: the time is one of the arguments.</summary>
    [GeneratedRegex(@"\bTask\.Delay\((?<arguments>[^;]*)|\bnew PeriodicTimer\((?<arguments>[^;]*)|\bnew (System\.Threading\.)?Timer\((?<arguments>[^;]*)")]
    private static partial Regex Waits();

    [GeneratedRegex(@"[,(]\s*(\w+\.)*_?[tT]ime(Provider)?(\.System)?\s*[,)]")]
    private static partial Regex TimeArgument();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex UngeneratedLog();

    [GeneratedRegex(@"\[LoggerMessage\b")]
    private static partial Regex LogMessage();

    [GeneratedRegex(@"\[LoggerMessage\((?<number>\d+),")]
    private static partial Regex LogNumber();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
