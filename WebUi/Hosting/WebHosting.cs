using System.Diagnostics.CodeAnalysis;
using Capstan.ClientGateway.Hubs;
using Capstan.ClientGateway.SharedCache;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Components;
using Capstan.WebUi.Transfers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Radzen;

namespace Capstan.WebUi.Hosting;

/// <summary>The web side of the program: options, services, endpoints, start.</summary>
internal static class WebHosting
{
    /// <summary>Reads and checks the options; what is wrong is said on stderr.</summary>
    public static bool TryConfigureCapstan(
        this WebApplicationBuilder builder, Dictionary<string, string?> settings, [NotNullWhen(true)] out CapstanOptions? options)
    {
        builder.Configuration.AddInMemoryCollection(settings);
        options = builder.Configuration.GetSection(CapstanOptions.Section).Get<CapstanOptions>() ?? new CapstanOptions();
        if ((LoopbackOnly.Problem(builder.Configuration, options) ?? RedisProblem(options)) is string problem)
        {
            Console.Error.WriteLine(problem);
            options = null;
        }
        return options is not null;
    }

    private static string? RedisProblem(CapstanOptions options)
    {
        try
        {
            if (options.Redis is { } redis)
                RedisDistributedCache.Check(redis);
            return null;
        }
        catch (ArgumentException e)
        {
            return $"--redis: {e.Message}";
        }
    }

    public static WebApplicationBuilder AddCapstanWeb(this WebApplicationBuilder builder, CapstanOptions options)
    {
        // `dotnet run` and tests have the static assets in the packages and projects they come from.
        builder.WebHost.UseStaticWebAssets();
        if (ListenAddress.TryParse(options.Listen, out ListenAddress? address, out _))
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address.Address, address.Port));
        builder.AddKeyStore(options);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ICallerProvider>(new ConfiguredCaller(options.Identity));
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddRadzenComponents();
        builder.Services.AddFileCommands();
        builder.Services.AddOperationsHub();
        builder.Services.AddTransfers();
        builder.AddCapstanMachines();
        builder.AddCapstanAdministration(options);
        return builder;
    }

    public static WebApplication MapCapstanWeb(this WebApplication app)
    {
        app.UseStopGate();
        app.UseLoopbackOnly();
        app.UseSecurityHeaders();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapThemeSheets();
        app.MapGet("/", () => Results.Redirect("/files/"));
        app.MapTransfers();
        app.MapFailureLists();
        app.MapOperationsHub();
        app.MapCapstanMachines();
        app.MapAdministration();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }

    public static async Task<int> RunCapstanAsync(this WebApplication app, CapstanOptions options)
    {
        // Asked beforehand: the host's own answer is a page of stack trace.
        if (ListenAddress.TryParse(options.Listen, out ListenAddress? address, out _) && FreePort.IsTaken(address))
        {
            Console.Error.WriteLine($"{options.Listen} is taken by another program. Try --listen http://127.0.0.1:{FreePort.After(options.Listen)}");
            return ExitCodes.AddressInUse;
        }
        await app.StartAsync();

        foreach (string url in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            Console.WriteLine($"Capstan is ready: {url}/");
        await app.WaitForShutdownAsync();
        return ExitCodes.Ok;
    }
}
