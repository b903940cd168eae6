using Capstan.WebUi.Hosting;

if (!CommandLine.TryParse(args, out Dictionary<string, string?> settings, out int exitCode))
    return exitCode;

WebApplicationBuilder builder = WebApplication.CreateBuilder(CommandLine.HostOptions(args));
if (!builder.TryConfigureCapstan(settings, out CapstanOptions? options))
    return ExitCodes.BadConfiguration;

builder.AddCapstanGateway(options);
builder.AddCapstanWeb(options);

WebApplication app = builder.Build();
app.MapCapstanWeb();
return await app.RunCapstanAsync(options);

public partial class Program;
