using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Maps each method that the generated base binds to an endpoint that calls it on a fresh instance of the service.</summary>
internal sealed class EndpointBinder<TService>(IEndpointRouteBuilder builder) : ServiceBinderBase
    where TService : class
{
    private readonly List<IEndpointConventionBuilder> _endpoints = [];
    private readonly GrpcServiceOptions _options = builder.ServiceProvider.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
    private readonly TimeProvider _time = builder.ServiceProvider.GetRequiredService<TimeProvider>();
    private readonly ILogger _logger = builder.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");

    public IReadOnlyList<IEndpointConventionBuilder> Endpoints => _endpoints;

    public void BindAll()
    {
        for (Type? type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>() is not { } attribute)
                continue;
            MethodInfo bind = attribute.BindType.GetMethod(attribute.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), type])
                ?? throw new InvalidOperationException($"{attribute.BindType} has no {attribute.BindMethodName}.");
            // Without an instance it tells the methods, not the handlers.
            bind.Invoke(null, [this, null]);
            return;
        }
        throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated service base.");
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var call = Handler<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method.Name, typeof(TRequest), typeof(ServerCallContext));
        Map(method, async (service, context) =>
        {
            TRequest request = await context.ReadSingleAsync(method.RequestMarshaller).ConfigureAwait(false);
            TResponse response = await call(service, request, context).ConfigureAwait(false);
            await context.WriteSingleAsync(method.ResponseMarshaller, response).ConfigureAwait(false);
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var call = Handler<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        Map(method, async (service, context) =>
        {
            Task<TResponse> running = call(service, context.CreateReader(method.RequestMarshaller), context);
            await context.SendHeadersWhileAsync(running).ConfigureAwait(false);
            await context.WriteSingleAsync(method.ResponseMarshaller, await running.ConfigureAwait(false)).ConfigureAwait(false);
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var call = Handler<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Map(method, async (service, context) =>
        {
            TRequest request = await context.ReadSingleAsync(method.RequestMarshaller).ConfigureAwait(false);
            Task running = call(service, request, context.CreateWriter(method.ResponseMarshaller), context);
            await context.SendHeadersWhileAsync(running).ConfigureAwait(false);
            await running.ConfigureAwait(false);
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var call = Handler<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Map(method, async (service, context) =>
        {
            Task running = call(service, context.CreateReader(method.RequestMarshaller), context.CreateWriter(method.ResponseMarshaller), context);
            await context.SendHeadersWhileAsync(running).ConfigureAwait(false);
            await running.ConfigureAwait(false);
        });
    }

    private static TDelegate Handler<TDelegate>(string name, params Type[] parameters)
        where TDelegate : Delegate
    {
        MethodInfo method = typeof(TService).GetMethod(name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no method {name} for the RPC of that name.");
        return method.CreateDelegate<TDelegate>();
    }

    private void Map(IMethod method, Func<TService, HttpServerCallContext, Task> invoke)
    {
        ServerCallHandler<TService> handler = new(method, invoke, _options, _time, _logger);
        _endpoints.Add(builder.MapMethods(method.FullName, [HttpMethods.Post], handler.HandleAsync).WithDisplayName($"gRPC - {method.FullName}"));
    }
}
