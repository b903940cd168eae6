// WebUi on a filesystem in memory, for looking at it and for browser tests. The same composition as WebUi/Program.cs, with
// another gateway. `--Fake:Delay=50` sets milliseconds a round trip.
using Capstan.ClientGateway;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.Hosting;

if (!CommandLine.TryParse(args, out Dictionary<string, string?> settings, out int exitCode))
    return exitCode;

WebApplicationBuilder builder = WebApplication.CreateBuilder(CommandLine.HostOptions(args));
if (!builder.TryConfigureCapstan(settings, out CapstanOptions? options))
    return ExitCodes.BadConfiguration;

FakeFileSystem files = FakeTree.Build(TimeProvider.System);
files.Delay = TimeSpan.FromMilliseconds(builder.Configuration.GetValue("Fake:Delay", 5));
files.RemovalsPerSecond = builder.Configuration.GetValue("Fake:RemovalsPerSecond", 4000);
builder.Services.AddSingleton<IFileSystemClient>(files);
builder.Services.AddHostedService(_ => new FakeTraffic(files));
builder.AddCapstanWeb(options);

WebApplication app = builder.Build();
app.MapCapstanWeb();
return await app.RunCapstanAsync(options);
