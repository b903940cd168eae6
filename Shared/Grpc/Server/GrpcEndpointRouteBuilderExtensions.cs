using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>One endpoint a method. An instance of <typeparamref name="TService"/> is taken from the services, or made, for each call.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        UnknownMethods unknown = builder.ServiceProvider.GetService<UnknownMethods>()
            ?? throw new InvalidOperationException("Call 'IServiceCollection.AddGrpc' before mapping gRPC services.");
        EndpointBinder<TService> binder = new(builder);
        binder.BindAll();
        unknown.MapOnce(builder);
        return new GrpcServiceEndpointConventionBuilder(binder.Endpoints);
    }
}
