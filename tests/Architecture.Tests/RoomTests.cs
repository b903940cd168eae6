using System.Xml.Linq;

namespace Capstan.Architecture.Tests;

/// <summary>The arrows between projects: WebUi -> ClientGateway -> Shared, Mds -> Shared, and WebUi's composition root -> Mds.</summary>
public sealed class RoomTests
{
    public static TheoryData<string, string[]> References() => new()
    {
        { "Shared", [] },
        { "Mds", ["Shared"] },
        { "ClientGateway", ["Shared"] },
        { "WebUi", ["ClientGateway", "Mds", "Shared", "wwwroot-assets"] },
        { "wwwroot-assets", [] },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void Project_References_RunOneWay(string project, string[] allowed)
    {
        XDocument file = XDocument.Load(Path.Combine(SourceFile.RepositoryRoot, project, project + ".csproj"));
        IEnumerable<string> references = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [InlineData("Shared", "Mds", "ClientGateway", "WebUi")]
    [InlineData("Mds", "ClientGateway", "WebUi")]
    [InlineData("ClientGateway", "Mds", "WebUi")]
    public void Source_OfARoom_NamesNoRoomAbove(string project, params string[] above) =>
        Assert.Empty(SourceFile.OfTheProduct.Where(file => file.Project == project && above.Any(file.Uses)).Select(file => file.Path));

    [Fact]
    public void WebUi_OnlyItsCompositionRoot_KnowsTheMds() =>
        Assert.Empty(SourceFile.OfTheProduct.Where(file => file.Project == "WebUi" && file.Folder is not ("" or "Hosting") && file.Uses("Mds")).Select(file => file.Path));

    [Fact]
    public void GeneratedTypes_StayAtTheEdge()
    {
        string[] edges = ["Shared/Wire/", "Mds/Hosting/", "ClientGateway/Session/", "ClientGateway/ContentClient.cs"];
        Assert.Empty(SourceFile.OfTheProduct.Where(
            file => !edges.Any(edge => file.Path.StartsWith(edge, StringComparison.Ordinal)) && file.Code.Contains("Shared.Protos", StringComparison.Ordinal))
            .Select(file => file.Path));
    }

    /// <summary>The layer can be exchanged for the packages only while nobody reaches behind their names.</summary>
    [Fact]
    public void GrpcLayer_ItsInternals_AreNobodysBusiness()
    {
        string[] internals = ["Grpc.Core.Framing", "Grpc.Net.Client.Internal", "Grpc.AspNetCore.Server.Internal"];
        Assert.Empty(SourceFile.OfTheProduct.Where(
            file => !file.Path.StartsWith("Shared/Grpc/", StringComparison.Ordinal) && internals.Any(name => file.Code.Contains(name, StringComparison.Ordinal)))
            .Select(file => file.Path));
    }
}
