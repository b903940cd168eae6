using System.Net;
using Grpc.Core;
using Grpc.Core.Framing;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>A call over one HTTP/2 stream of Kestrel: its headers, its deadline, and the one place that starts its response.</summary>
internal sealed class HttpServerCallContext : ServerCallContext, IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly GrpcServiceOptions _options;
    private readonly string _method;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource? _cancellation;
    private readonly ITimer? _deadlineTimer;
    private readonly TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private Dictionary<object, object>? _userState;
    private Task? _start;
    private bool _writing;
    private bool _completed;

    public HttpServerCallContext(HttpContext httpContext, IMethod method, GrpcServiceOptions options, TimeProvider time)
    {
        HttpContext = httpContext;
        _method = method.FullName;
        _options = options;
        CancellationTokenCore = httpContext.RequestAborted;
        DeadlineCore = DateTime.MaxValue;
        if (!TimeoutCodec.TryDecode(httpContext.Request.Headers[HeaderNames.Timeout].ToString(), out TimeSpan timeout) || timeout > LongestTimer)
            return;
        DeadlineCore = time.GetUtcNow().UtcDateTime + timeout;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted);
        CancellationTokenCore = _cancellation.Token;
        _deadlineTimer = time.CreateTimer(static context => ((HttpServerCallContext)context!).Expire(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    public HttpContext HttpContext { get; }

    /// <summary>Ends when the deadline has passed; never, without one.</summary>
    public Task Expired => _expired.Task;

    public bool HasDeadline => _deadlineTimer is not null;

    /// <summary>The response has begun: its status goes into trailers.</summary>
    public bool HasStarted => _start is not null;

    public Metadata Trailers => _responseTrailers ?? Metadata.Empty;

    protected override string MethodCore => _method;

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => HttpContext.Connection.RemoteIpAddress is IPAddress address
        ? address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? $"ipv4:{address}:{HttpContext.Connection.RemotePort}"
            : $"ipv6:[{address}]:{HttpContext.Connection.RemotePort}"
        : "unknown";

    protected override DateTime DeadlineCore { get; }

    protected override CancellationToken CancellationTokenCore { get; }

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders();

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override IDictionary<object, object> UserStateCore => _userState ??= [];

    public RequestStreamReader<T> CreateReader<T>(Marshaller<T> marshaller)
        where T : class =>
        new(this, new MessageReader<T>(HttpContext.Request.BodyReader, marshaller, _options.MaxReceiveMessageSize));

    public ResponseStreamWriter<T> CreateWriter<T>(Marshaller<T> marshaller)
        where T : class =>
        new(this, new MessageFramer<T>(marshaller, _options.MaxSendMessageSize));

    public async ValueTask<T> ReadSingleAsync<T>(Marshaller<T> marshaller)
        where T : class
    {
        MessageReader<T> reader = new(HttpContext.Request.BodyReader, marshaller, _options.MaxReceiveMessageSize);
        T request = await reader.ReadAsync(CancellationTokenCore).ConfigureAwait(false)
            ?? throw new RpcException(new Status(StatusCode.Internal, "Incomplete message."));
        if (await reader.ReadAsync(CancellationTokenCore).ConfigureAwait(false) is not null)
            throw new RpcException(new Status(StatusCode.Internal, "Additional data after the message received."));
        return request;
    }

    /// <summary>The only response of a call. Not flushed: message and trailers leave together.</summary>
    public Task WriteSingleAsync<T>(Marshaller<T> marshaller, T response)
        where T : class
    {
        if (response is null)
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        ResponseStreamWriter<T> writer = CreateWriter(marshaller);
        writer.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        return writer.WriteAsync(response);
    }

    /// <summary>
    /// Sends the response headers at once if the handler goes on in the background: a client may wait for them before it
    /// says its first word. A handler that fails at once still gets a response of headers only.
    /// </summary>
    public async Task SendHeadersWhileAsync(Task running)
    {
        if (running.IsCompleted)
            return;
        try
        {
            await StartAsync(flush: true).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client has gone. The handler meets the same failure at its next step, and is waited for.
        }
    }

    /// <summary>Starts the response, once. Everything that writes waits for the one task, so that there is one writer at a time.</summary>
    public Task StartAsync(bool flush)
    {
        lock (_lock)
            return _start ??= StartCoreAsync(flush);
    }

    /// <summary>False when the status has been decided: no message may follow it.</summary>
    public bool TryBeginWrite()
    {
        lock (_lock)
            return !_completed && (_writing = true);
    }

    public void EndWrite()
    {
        lock (_lock)
            _writing = false;
    }

    /// <summary>Closes the response to further messages, once. <paramref name="writing"/>: half a message may be on its way.</summary>
    public bool TryComplete(out bool writing)
    {
        lock (_lock)
        {
            writing = _writing;
            return !_completed && (_completed = true);
        }
    }

    public void Dispose()
    {
        _deadlineTimer?.Dispose();
        _cancellation?.Dispose();
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        lock (_lock)
        {
            if (_start is not null)
                throw new InvalidOperationException("Response headers can only be sent once per call.");
            ResponseStatus.AddMetadata(HttpContext.Response.Headers, responseHeaders);
            return _start = StartCoreAsync(flush: true);
        }
    }

    private async Task StartCoreAsync(bool flush)
    {
        await HttpContext.Response.StartAsync(CancellationTokenCore).ConfigureAwait(false);
        if (flush)
            await HttpContext.Response.BodyWriter.FlushAsync(CancellationTokenCore).ConfigureAwait(false);
    }

    private void Expire()
    {
        _expired.TrySetResult();
        try
        {
            _cancellation!.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }

    private Metadata ReadHeaders()
    {
        Metadata headers = [];
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in HttpContext.Request.Headers)
        {
            foreach (string? value in values)
                MetadataCodec.Add(headers, name, value ?? "");
        }
        return headers;
    }
}
