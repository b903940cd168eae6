using Capstan.ClientGateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Capstan.WebUi.Hosting;

/// <summary>Where the gateway, and the embedded MDS when none is configured, enter the program.</summary>
internal static class GatewayHosting
{
    public static WebApplicationBuilder AddCapstanGateway(this WebApplicationBuilder builder, CapstanOptions options)
    {
        _ = options;
        builder.Services.TryAddSingleton<IFileSystemClient, DisconnectedFileSystem>();
        return builder;
    }
}
