using Grpc.Core;
using Grpc.Core.Framing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Answers UNIMPLEMENTED to a gRPC request for which there is no method; other requests pass by.</summary>
internal sealed class UnknownMethods
{
    private bool _mapped;

    public void MapOnce(IEndpointRouteBuilder builder)
    {
        if (_mapped)
            return;
        _mapped = true;
        RoutePattern pattern = RoutePatternFactory.Parse(
            "/{unimplementedService}/{unimplementedMethod}", defaults: null, parameterPolicies: new { unimplementedMethod = new GrpcOnly() });
        builder.Map(pattern, static http =>
        {
            Status status = new(StatusCode.Unimplemented, $"Method is unimplemented: {http.Request.Path}");
            ResponseStatus.WriteTrailersOnly(http.Response, status, Metadata.Empty);
            return Task.CompletedTask;
        }).WithDisplayName("gRPC - Unimplemented method");
    }

    private sealed class GrpcOnly : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is not null && HeaderNames.IsGrpcContentType(httpContext.Request.ContentType);
    }
}
