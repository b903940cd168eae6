using Capstan.TestKit;

namespace Capstan.Interop.Tests;

/// <summary>Runs peer/peer.js, which is @grpc/grpc-js.</summary>
internal static class Peer
{
    private static readonly string Folder = Path.Combine(BuiltProgram.RepositoryRoot, "tests", "Interop.Tests", "peer");

    public static Task<ChildProcess> StartAsync(string ready, params string[] arguments)
    {
        bool missing = ExternalTool.Find("node") is null || !Directory.Exists(Path.Combine(Folder, "node_modules", "@grpc", "grpc-js"));
        Assert.SkipWhen(missing && !ExternalTool.MustExist, "The peer is not installed: node, and `npm ci --ignore-scripts` in tests/Interop.Tests/peer.");
        return ChildProcess.StartAsync("node", ["peer.js", .. arguments], ready, Folder);
    }
}
