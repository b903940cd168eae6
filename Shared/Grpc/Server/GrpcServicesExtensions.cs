using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what gRPC services need.</summary>
public static class GrpcServicesExtensions
{
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddOptions<GrpcServiceOptions>();
        services.AddLogging();
        services.TryAddSingleton<UnknownMethods>();
        services.TryAddSingleton(TimeProvider.System);
        return new GrpcServerBuilder(services);
    }

    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services, Action<GrpcServiceOptions> configureOptions)
    {
        services.Configure(configureOptions);
        return services.AddGrpc();
    }

    private sealed record GrpcServerBuilder(IServiceCollection Services) : IGrpcServerBuilder;
}
