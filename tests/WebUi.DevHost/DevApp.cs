using Capstan.ClientGateway;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.Hosting;

namespace Capstan.WebUi.DevHost;

/// <summary>
/// WebUi on a filesystem in memory, for looking at it and for browser tests. The same composition as WebUi/Program.cs, with
/// another gateway. <c>--Fake:Delay=50</c> sets milliseconds a round trip, <c>--Fake:RemovalsPerSecond=60</c> how fast it deletes.
/// </summary>
public static class DevApp
{
    /// <summary>The program, not started; null when the arguments end it, with <paramref name="exitCode"/>.</summary>
    public static WebApplication? Create(string[] args, out int exitCode)
    {
        if (!CommandLine.TryParse(args, out Dictionary<string, string?> settings, out exitCode))
            return null;
        WebApplicationBuilder builder = WebApplication.CreateBuilder(CommandLine.HostOptions(args));
        exitCode = ExitCodes.BadConfiguration;
        if (!builder.TryConfigureCapstan(settings, out CapstanOptions? options))
            return null;

        FakeFileSystem files = FakeTree.Build(TimeProvider.System);
        files.Delay = TimeSpan.FromMilliseconds(builder.Configuration.GetValue("Fake:Delay", 5));
        files.RemovalsPerSecond = builder.Configuration.GetValue("Fake:RemovalsPerSecond", 4000);
        builder.Services.AddSingleton<IFileSystemClient>(files);
        builder.Services.AddSingleton<IGatewayAdministration>(new FakeAdministration(files));
        builder.Services.AddHostedService(_ => new FakeTraffic(files));
        builder.AddCapstanWeb(options);

        WebApplication app = builder.Build();
        app.MapCapstanWeb();
        exitCode = ExitCodes.Ok;
        return app;
    }
}
