using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Starts an <see cref="HttpCall{TRequest,TResponse}"/> and shows it in the shape of the method.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        HttpCall<TRequest, TResponse> call = new(channel, method, options);
        call.Start(request);
        return new AsyncUnaryCall<TResponse>(call.ReadSingleAsync(), call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        HttpCall<TRequest, TResponse> call = new(channel, method, options);
        call.Start(request);
        return new AsyncServerStreamingCall<TResponse>(
            new ResponseStreamReader<TRequest, TResponse>(call), call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        HttpCall<TRequest, TResponse> call = new(channel, method, options);
        RequestStreamWriter<TRequest, TResponse> writer = new(call, call.StartStreaming(), options.WriteOptions);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            writer, call.ReadSingleAsync(), call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        HttpCall<TRequest, TResponse> call = new(channel, method, options);
        RequestStreamWriter<TRequest, TResponse> writer = new(call, call.StartStreaming(), options.WriteOptions);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            writer, new ResponseStreamReader<TRequest, TResponse>(call), call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }
}
