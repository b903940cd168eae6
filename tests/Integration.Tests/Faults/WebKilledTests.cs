using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>Jobs of the real program, which is killed in the middle of them and started again on the same data.</summary>
public sealed class WebKilledTests
{
    private const int Files = 10_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Web_KilledInTheMiddleOfItsJobs_TheNextStartDoesTheRestAndEachEntryOnce(bool isEmbedded)
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        using TempDirectory temp = new();
        string data = isEmbedded ? mds.DataDirectory : temp.File("web"), jobs = Path.Combine(data, "jobs");
        JobPlaces places;
        await using (GatewaySet makers = new())
            places = await JobPlaces.MakeAsync((await makers.StartAsync(mds.Address)).Client, Files);
        await AskAsync(mds, jobs, places, isEmbedded ? "embedded" : "");
        if (isEmbedded)
            await mds.StopAsync();
        string[] arguments = isEmbedded ? ["--data", data] : ["--data", data, "--mds", mds.Address];

        // One request of a directory at a time: while the first notes of each job are seen, none is near its end.
        Dictionary<string, long> asked = Directory.GetFiles(jobs, "*.job").ToDictionary(f => f, f => new FileInfo(f).Length);
        Assert.Equal(4, asked.Count);
        await using (ChildProcess killed = WebProcess.Launch([.. arguments, "--Capstan:Gateway:MaxInFlightPerDirectory=1"]))
        {
            await Eventually.TrueAsync(() => killed.HasExited || asked.All(job => new FileInfo(job.Key).Length > job.Value), "a part of every job", state: () => killed.Output);
            await killed.KillAsync();
        }

        (ChildProcess again, _) = await WebProcess.StartAsync(arguments);
        await using (again)
        {
            await using GatewaySet observers = new();
            IFileSystemClient observer = (await observers.StartAsync(isEmbedded ? $"unix:{Path.Combine(data, "mds.sock")}" : mds.Address)).Client;
            await Eventually.TrueAsync(() => Directory.GetFiles(jobs, "*.job").Length == 0, "the end of every job", state: () => $"{string.Join(' ', Directory.GetFiles(jobs))}\n{again.Output}");
            await places.AssertDoneAsync(observer);
        }
        await mds.CheckAsync();
    }

    /// <summary>The jobs as an earlier process has left them: accepted and written down, and nothing of them done.</summary>
    private static async Task AskAsync(MdsUnderTest mds, string jobs, JobPlaces places, string name)
    {
        await using GatewaySet askers = new();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient asker = (await askers.StartAsync(link.Address, o => o with { JournalDirectory = jobs, ClientName = name })).Client;
        link.RefusesNew = true;
        link.Stalled = true;
        places.Ask(asker);
        Assert.All(asker.Operations.Jobs(), j => Assert.Equal(0, j.Done));
    }
}
