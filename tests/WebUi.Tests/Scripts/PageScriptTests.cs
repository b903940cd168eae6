using System.Diagnostics.CodeAnalysis;
using Capstan.TestKit;

namespace Capstan.WebUi.Tests.Scripts;

/// <summary>Modules of the page that keep time or many states, run by Node as they are served: what a browser gives them is in the test's script.</summary>
public sealed class PageScriptTests
{
    [Theory]
    [InlineData("upload-queue")]
    [InlineData("reconnect")]
    [SuppressMessage("Naming", "CA1707", Justification = "As every test.")]
    public async Task Module_RunByNode_DoesWhatItsTestExpects(string name)
    {
        if (ExternalTool.Find("node") is not { } node)
        {
            Assert.False(ExternalTool.MustExist, "Node is not installed.");
            Assert.Skip("Node is not installed.");
            return;
        }
        using TempDirectory temp = new();
        string js = Path.Combine(BuiltProgram.RepositoryRoot, "wwwroot-assets", "wwwroot", "js");
        foreach (string file in Directory.GetFiles(js, "*.js", SearchOption.AllDirectories))
        {
            string copy = temp.File(Path.GetRelativePath(js, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        await File.WriteAllTextAsync(temp.File("package.json"), """{ "type": "module" }""", TestContext.Current.CancellationToken);
        string script = Path.Combine(BuiltProgram.RepositoryRoot, "tests", "WebUi.Tests", "Scripts", $"{name}.test.mjs");
        File.Copy(script, temp.File("test.mjs"));
        FinishedProgram run = await FinishedProgram.RunAsync(node, [temp.File("test.mjs")]);
        Assert.True(run.ExitCode == 0, run.Output);
    }
}
