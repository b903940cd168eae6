using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.ClientGateway.Hubs;

public static class OperationsHubHosting
{
    public static IServiceCollection AddOperationsHub(this IServiceCollection services)
    {
        services.AddSignalR();
        services.AddSingleton<OperationsBroadcaster>();
        services.AddHostedService(provider => provider.GetRequiredService<OperationsBroadcaster>());
        return services;
    }

    public static HubEndpointConventionBuilder MapOperationsHub(this IEndpointRouteBuilder endpoints) => endpoints.MapHub<OperationsHub>(OperationsHub.Path);
}
