using Capstan.ClientGateway;

namespace Capstan.WebUi.Hosting;

/// <summary>Where the gateway, and the embedded MDS when none is configured, enter the program.</summary>
internal static class GatewayHosting
{
    /// <summary>A host that has brought a client of its own (a test's) keeps it.</summary>
    public static WebApplicationBuilder AddCapstanGateway(this WebApplicationBuilder builder, CapstanOptions options)
    {
        IServiceCollection services = builder.Services;
        if (services.Any(s => s.ServiceType == typeof(IFileSystemClient)))
            return builder;
        GatewayOptions gateway = builder.Configuration.GetSection("Capstan:Gateway").Get<GatewayOptions>() ?? new GatewayOptions();
        services.AddSingleton(TimeProvider.System);
        gateway = gateway with { Redis = options.Redis ?? gateway.Redis, JournalDirectory = gateway.JournalDirectory ?? Path.Combine(Path.GetFullPath(options.Data), "jobs") };
        if (options.Mds is { } address)
        {
            gateway = gateway with { Endpoint = address };
        }
        else
        {
            gateway = gateway with { Endpoint = EmbeddedMds.AddressOf(options), ClientName = "embedded" };
            services.AddSingleton<EmbeddedMds>();
            services.AddHostedService(s => s.GetRequiredService<EmbeddedMds>());
        }
        services.AddSingleton(s => new Gateway(gateway, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(s => s.GetRequiredService<Gateway>().Client);
        services.AddSingleton(s => s.GetRequiredService<Gateway>().Administration);
        services.AddHostedService<GatewayService>();
        return builder;
    }
}
