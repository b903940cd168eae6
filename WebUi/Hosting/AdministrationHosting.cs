using Capstan.WebUi.Administration;

namespace Capstan.WebUi.Hosting;

/// <summary>What the admin pages stand on.</summary>
internal static class AdministrationHosting
{
    public static WebApplicationBuilder AddCapstanAdministration(this WebApplicationBuilder builder, CapstanOptions options)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<Administrators>();
        services.AddSingleton<CacheHistory>();
        services.AddHostedService<HistorySampler>();
        services.AddSingleton<CacheTables>();
        services.AddSingleton<AdminActions>();
        services.AddSingleton<SupportBundle>();
        services.AddSingleton(s => new AuditLog(Path.GetFullPath(options.Data), s.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
