using System.Text.RegularExpressions;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.DevHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.Browser.Tests;

/// <summary>The program of docs/watching.md, run by Node as it stands there.</summary>
public sealed class WatchingTests
{
    private static readonly string Peer = Path.Combine(BuiltProgram.RepositoryRoot, "tests", "Browser.Tests", "peer");

    [Fact]
    public async Task Watcher_OfTheDocs_SeesAJobFromItsBeginningToItsEnd()
    {
        if (ExternalTool.Find("node") is null || !Directory.Exists(Path.Combine(Peer, "node_modules", "@microsoft", "signalr")))
            Assert.Skip("Node or @microsoft/signalr is not installed: npm ci in tests/Browser.Tests/peer.");
        string program = Regex.Match(await File.ReadAllTextAsync(Path.Combine(BuiltProgram.RepositoryRoot, "docs", "watching.md")), "```js\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(10, program.Trim().Split('\n').Length);
        await using WebApplication web = DevApp.Create(["--listen", "http://127.0.0.1:0", "--Fake:RemovalsPerSecond=40"], out _)!;
        await web.StartAsync();
        IFileSystemClient files = web.Services.GetRequiredService<IFileSystemClient>();
        await using ChildProcess watcher = await ChildProcess.StartAsync(
            "node", ["--input-type=module", "--eval", program], "0 waiting, 0 failed", Peer, new Dictionary<string, string> { ["CAPSTAN"] = web.Urls.First() });

        InodeAddress folder = (await files.ResolveAsync(Caller.Root, [FileName.Create("Documents")], default)).Value!.Address;
        using IDirectoryView view = (await files.OpenDirectoryAsync(Caller.Root, folder.Ino)).Value!;
        IReadOnlyList<DirectoryRow> rows = (await view.ReadAsync(0, (int)view.Count)).Value!;
        files.RemoveMany(Caller.Root, folder.Ino, [.. rows.Select(r => r.Entry).Where(e => !e.Attributes.IsDirectory)]);

        await Eventually.TrueAsync(() => Regex.IsMatch(watcher.Output, "[1-9][0-9]* waiting, 0 failed[^$]*\n0 waiting, 0 failed$"), "the job in the watcher's words", state: () => watcher.Output);
    }
}
