using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>A data directory has one user at a time.</summary>
public sealed class DataDirectoryTests
{
    [Fact]
    public async Task DataDirectory_InUse_RefusesASecondMdsAndEveryToolWithWords()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        using TempDirectory host = new();
        await File.WriteAllTextAsync(host.File("x"), "x", TestContext.Current.CancellationToken);
        string[][] commands =
        [
            ["serve", "--data", mds.DataDirectory, "--listen", "http://127.0.0.1:0"],
            ["import", host.Path, "/", "--data", mds.DataDirectory],
            ["export", "/", host.File("out"), "--data", mds.DataDirectory],
            ["check", "--data", mds.DataDirectory],
        ];
        foreach (FinishedProgram program in await Task.WhenAll(commands.Select(c => FinishedProgram.RunProjectAsync("Mds", c))))
        {
            Assert.Equal(2, program.ExitCode);
            Assert.Contains("in use", program.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(" at Capstan.", program.Output, StringComparison.Ordinal); // No stack trace.
        }
        Assert.Empty(await client.ListAsync(InodeId.Root));
        await client.CreateFile(Caller.Root, InodeId.Root, "alive".Name(), 0x1A4).Ok();
        await mds.StopAndCheckAsync();
    }

    [Theory]
    [InlineData("serve", "--listen", "nonsense")]
    [InlineData("serve", "--listen", "http://name.invalid:1")]
    [InlineData("check", "--data", "/nonexistent/nowhere")]
    public async Task Command_ThatCannotRun_ExitsWithWordsAndNoStackTrace(params string[] arguments)
    {
        using TempDirectory directory = new();
        FinishedProgram program = await FinishedProgram.RunProjectAsync("Mds", arguments[0] == "serve" ? [.. arguments, "--data", directory.File("data")] : arguments);
        Assert.Equal(2, program.ExitCode);
        Assert.NotEmpty(program.Output);
        Assert.DoesNotContain(" at Capstan.", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_InUse_RefusesASecondMdsWithWords()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        using TempDirectory directory = new();
        FinishedProgram program = await FinishedProgram.RunProjectAsync("Mds", ["serve", "--data", directory.File("data"), "--listen", mds.Address]);
        Assert.Equal(2, program.ExitCode);
        Assert.Contains("address already in use", program.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" at Capstan.", program.Output, StringComparison.Ordinal);
    }
}
