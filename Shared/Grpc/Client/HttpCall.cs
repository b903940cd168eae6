using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Framing;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// One call over one HTTP/2 stream. It ends once, with one status, whoever comes first: the server's trailers, a failure
/// of the transport, the deadline, or a cancellation. <see cref="_lock"/> guards the end; nothing is awaited or called under it.
/// </summary>
internal sealed class HttpCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer? _deadlineTimer;

    private Task<MessageReader<TResponse>?> _started = Task.FromResult<MessageReader<TResponse>?>(null);
    private StreamingContent? _streaming;
    private HttpResponseMessage? _response;
    private Status? _status;
    private Metadata _trailers = [];

    public HttpCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        _channel = channel;
        _method = method;
        _options = options;
        channel.Register(this);
        // Nobody may ever ask for the headers: their failure is not an unobserved one.
        _ = _headers.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (Remaining is TimeSpan remaining)
        {
            _deadlineTimer = _time.CreateTimer(static call => ((HttpCall<TRequest, TResponse>)call!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            // A deadline in the past ends the call here: a timer might come after the answer.
            if (remaining <= TimeSpan.Zero)
                Expire();
            else
                _deadlineTimer.Change(Timer(remaining), Timeout.InfiniteTimeSpan);
        }
        _registration = options.CancellationToken.UnsafeRegister(static call => ((HttpCall<TRequest, TResponse>)call!).Cancel(), this);
        if (_status is not null)
            _registration.Dispose();
    }

    public Task<Metadata> ResponseHeaders => _headers.Task;

    public CancellationToken Aborted => _cancellation.Token;

    private TimeSpan? Remaining => _options.Deadline is DateTime deadline && deadline != DateTime.MaxValue
        ? deadline.ToUniversalTime() - _time.GetUtcNow().UtcDateTime
        : null;

    public MessageFramer<TRequest> CreateFramer() => new(_method.RequestMarshaller, _channel.MaxSendMessageSize);

    public void Start(TRequest request)
    {
        SingleMessageContent<TRequest> content;
        try
        {
            content = new SingleMessageContent<TRequest>(CreateFramer(), request);
        }
        catch (RpcException e)
        {
            End(e.Status);
            return;
        }
        _started = SendAsync(content);
    }

    public StreamingContent StartStreaming()
    {
        _streaming = new StreamingContent();
        if (IsEnded(out _))
            _streaming.Abort();
        else
            _started = SendAsync(_streaming);
        return _streaming;
    }

    /// <summary>Null at the end of a call that ended well; throws when it ended otherwise.</summary>
    public async ValueTask<TResponse?> ReadAsync()
    {
        MessageReader<TResponse>? reader = await _started.ConfigureAwait(false);
        if (IsEnded(out Status ended))
            return ended.StatusCode == StatusCode.OK ? null : throw Failure();
        try
        {
            if (reader is not null && await reader.ReadAsync(_cancellation.Token).ConfigureAwait(false) is TResponse message)
                return message;
        }
        catch (RpcException e)
        {
            throw EndAndThrow(e.Status);
        }
        catch (Exception e)
        {
            throw EndAndThrow(TransportFailure.ToStatus(e, "Error reading the response"));
        }
        EndByTrailers(_response!.TrailingHeaders.NonValidated);
        return IsEnded(out Status status) && status.StatusCode == StatusCode.OK ? null : throw Failure();
    }

    public async Task<TResponse> ReadSingleAsync()
    {
        TResponse? response = await ReadAsync().ConfigureAwait(false);
        if (response is null)
            throw new RpcException(new Status(StatusCode.Internal, "The server ended the call without a response."), _trailers);
        if (await ReadAsync().ConfigureAwait(false) is not null)
            throw EndAndThrow(new Status(StatusCode.Internal, "More than one response to a call that has one."));
        return response;
    }

    public Status GetStatus() => IsEnded(out Status status) ? status : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => IsEnded(out _) ? _trailers : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public void Cancel() => End(new Status(StatusCode.Cancelled, "Call canceled by the client."));

    public void Dispose() => End(new Status(StatusCode.Cancelled, "gRPC call disposed."));

    public bool IsEnded(out Status status)
    {
        lock (_lock)
        {
            status = _status.GetValueOrDefault();
            return _status is not null;
        }
    }

    /// <summary>What to throw at a user of a call that has ended other than well.</summary>
    public Exception Failure()
    {
        IsEnded(out Status status);
        return status.StatusCode == StatusCode.Cancelled && _channel.ThrowOperationCanceledOnCancellation
            ? new OperationCanceledException(status.Detail, _options.CancellationToken)
            : new RpcException(status, _trailers);
    }

    /// <summary>Sends the request. Null when the call ended with the response headers or before.</summary>
    private async Task<MessageReader<TResponse>?> SendAsync(HttpContent content)
    {
        if (IsEnded(out _))
            return null;
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(_channel.Address, _method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        AddHeaders(request);
        HttpResponseMessage response;
        try
        {
            response = await _channel.Http.SendAsync(request, _cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End(TransportFailure.ToStatus(e, "Error starting the call"));
            return null;
        }
        lock (_lock)
            _response = response;
        if (IsEnded(out _))
        {
            response.Dispose();
            return null;
        }
        return await ReadHeadersAsync(response).ConfigureAwait(false);
    }

    private void AddHeaders(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("user-agent", "grpc-dotnet-capstan/1.0");
        request.Headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, "identity");
        if (Remaining is TimeSpan remaining)
            request.Headers.TryAddWithoutValidation(HeaderNames.Timeout, TimeoutCodec.Encode(remaining));
        foreach (Metadata.Entry entry in _options.Headers ?? Metadata.Empty)
            request.Headers.TryAddWithoutValidation(entry.Key, MetadataCodec.ToHeader(entry));
    }

    private async Task<MessageReader<TResponse>?> ReadHeadersAsync(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            End(new Status(TransportFailure.FromHttp(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}"));
            return null;
        }
        string? contentType = response.Content.Headers.ContentType?.ToString();
        if (!HeaderNames.IsGrpcContentType(contentType))
        {
            End(new Status(StatusCode.Unknown, $"Bad gRPC response. Content type: {contentType ?? "none"}"));
            return null;
        }
        try
        {
            _headers.TrySetResult(ToMetadata(response.Headers.NonValidated));
            // A call may end with its headers ("trailers-only"): then status and trailers are among them.
            if (response.Headers.NonValidated.Contains(HeaderNames.Status))
            {
                EndByTrailers(response.Headers.NonValidated);
                return null;
            }
            Stream body = await response.Content.ReadAsStreamAsync(_cancellation.Token).ConfigureAwait(false);
            PipeReader pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, minimumReadSize: 4 * 1024, leaveOpen: true));
            return new MessageReader<TResponse>(pipe, _method.ResponseMarshaller, _channel.MaxReceiveMessageSize);
        }
        catch (Exception e)
        {
            End(e is RpcException rpc ? rpc.Status : TransportFailure.ToStatus(e, "Error reading the response headers"));
            return null;
        }
    }

    private void EndByTrailers(HttpHeadersNonValidated headers)
    {
        Metadata trailers = ToMetadata(headers);
        if (!headers.TryGetValues(HeaderNames.Status, out var code))
            End(new Status(StatusCode.Unknown, "No grpc-status found on the response."), trailers);
        else if (!int.TryParse(code.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            End(new Status(StatusCode.Unknown, "Unexpected grpc-status value: " + code), trailers);
        else
            End(new Status((StatusCode)number, headers.TryGetValues(HeaderNames.Message, out var message) ? StatusMessageCodec.Decode(message.ToString()) : ""), trailers);
    }

    private static Metadata ToMetadata(HttpHeadersNonValidated headers)
    {
        Metadata metadata = [];
        foreach (var (name, values) in headers)
        {
            foreach (string value in values)
                MetadataCodec.Add(metadata, name, value);
        }
        return metadata;
    }

    private void Expire()
    {
        if (Remaining is TimeSpan remaining && remaining > TimeSpan.Zero)
            _deadlineTimer?.Change(Timer(remaining), Timeout.InfiniteTimeSpan);
        else
            End(new Status(StatusCode.DeadlineExceeded, ""));
    }

    /// <summary>A timer may fire a little early against the wall clock, and cannot be set arbitrarily far: <see cref="Expire"/> sets it again.</summary>
    private static TimeSpan Timer(TimeSpan remaining) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(remaining.TotalMilliseconds, LongestTimer.TotalMilliseconds)));

    private Exception EndAndThrow(Status status)
    {
        End(status);
        return Failure();
    }

    private void End(Status status, Metadata? trailers = null)
    {
        HttpResponseMessage? response;
        lock (_lock)
        {
            if (_status is not null)
                return;
            _status = status;
            _trailers = trailers ?? [];
            response = _response;
        }
        if (status.StatusCode != StatusCode.OK)
            _headers.TrySetException(Failure());
        // Cancels what is in progress; disposing the response resets a stream that the server has not ended.
        _cancellation.Cancel();
        _streaming?.Abort();
        response?.Dispose();
        _deadlineTimer?.Dispose();
        _registration.Dispose();
        _channel.Unregister(this);
    }
}
