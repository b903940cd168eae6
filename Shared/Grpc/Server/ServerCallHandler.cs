using Grpc.Core;
using Grpc.Core.Framing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Takes a request to one method from its headers to its status.</summary>
internal sealed partial class ServerCallHandler<TService>(
    IMethod method, Func<TService, HttpServerCallContext, Task> invoke, GrpcServiceOptions options, TimeProvider time, ILogger logger)
    where TService : class
{
    private const int Http2Cancel = 8;

    private static readonly ObjectFactory<TService> Factory = ActivatorUtilities.CreateFactory<TService>([]);

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            return;
        }
        if (!HeaderNames.IsGrpcContentType(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        PrepareForStreaming(http);
        using HttpServerCallContext context = new(http, method, options, time);
        Task<(Status Status, Metadata Trailers)> call = InvokeAsync(context);
        if (context.HasDeadline && await Task.WhenAny(call, context.Expired).ConfigureAwait(false) != call)
            await EndAtDeadlineAsync(context).ConfigureAwait(false);
        // The request's objects are Kestrel's again when this method returns: it must not return before the handler has.
        (Status status, Metadata trailers) = await call.ConfigureAwait(false);
        if (!http.RequestAborted.IsCancellationRequested && context.TryComplete(out _))
            End(context, status, trailers);
    }

    private async Task<(Status Status, Metadata Trailers)> InvokeAsync(HttpServerCallContext context)
    {
        TService? created = null;
        try
        {
            TService service = context.HttpContext.RequestServices.GetService<TService>()
                ?? (created = Factory(context.HttpContext.RequestServices, []));
            await invoke(service, context).ConfigureAwait(false);
            return (context.Status, Metadata.Empty);
        }
        catch (RpcException e)
        {
            LogRpcException(method.FullName, e.StatusCode, e.Status.Detail);
            return (e.Status, e.Trailers);
        }
        catch (Exception e) when (context.CancellationToken.IsCancellationRequested)
        {
            LogAborted(method.FullName, e.GetType().Name);
            bool byClient = context.HttpContext.RequestAborted.IsCancellationRequested;
            return (new Status(byClient ? StatusCode.Cancelled : StatusCode.DeadlineExceeded, byClient ? "" : "Deadline Exceeded"), Metadata.Empty);
        }
        catch (Exception e)
        {
            LogHandlerFailed(e, method.FullName);
            // The text of an exception may tell a stranger too much.
            string detail = options.EnableDetailedErrors == true ? $"Exception was thrown by handler. {e.GetType().Name}: {e.Message}" : "Exception was thrown by handler.";
            return (new Status(StatusCode.Unknown, detail), Metadata.Empty);
        }
        finally
        {
            switch (created)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync().ConfigureAwait(false);
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
    }

    /// <summary>The status leaves at once; the handler, whose token is cancelled, ends in its own time.</summary>
    private async Task EndAtDeadlineAsync(HttpServerCallContext context)
    {
        LogDeadlineExceeded(method.FullName);
        HttpContext http = context.HttpContext;
        if (http.RequestAborted.IsCancellationRequested || !context.TryComplete(out bool writing))
            return;
        if (writing)
        {
            http.Features.Get<IHttpResetFeature>()?.Reset(Http2Cancel);
            return;
        }
        End(context, new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"), Metadata.Empty);
        await http.Response.CompleteAsync().ConfigureAwait(false);
    }

    private static void End(HttpServerCallContext context, Status status, Metadata trailers)
    {
        Metadata all = context.Trailers;
        if (trailers.Count > 0)
            all = [.. all, .. trailers];
        HttpResponse response = context.HttpContext.Response;
        if (!context.HasStarted)
            ResponseStatus.WriteTrailersOnly(response, status, all);
        else if (context.HttpContext.Features.Get<IHttpResponseTrailersFeature>() is { } feature)
            ResponseStatus.Write(feature.Trailers, status, all);
    }

    private void PrepareForStreaming(HttpContext http)
    {
        http.Response.ContentType = HeaderNames.ContentType;
        if (method.Type is not (MethodType.ClientStreaming or MethodType.DuplexStreaming))
            return;
        // A stream may be silent for long and has no total size.
        if (http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    [LoggerMessage(1, LogLevel.Error, "Error when executing {Method}.")]
    private partial void LogHandlerFailed(Exception exception, string method);

    [LoggerMessage(2, LogLevel.Debug, "{Method} ended with {Code}: {Detail}")]
    private partial void LogRpcException(string method, StatusCode code, string detail);

    [LoggerMessage(3, LogLevel.Debug, "{Method} was aborted ({Exception}).")]
    private partial void LogAborted(string method, string exception);

    [LoggerMessage(4, LogLevel.Debug, "{Method} exceeded its deadline.")]
    private partial void LogDeadlineExceeded(string method);
}
