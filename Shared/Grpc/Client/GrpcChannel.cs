using Grpc.Core;
using Grpc.Net.Client.Internal;

namespace Grpc.Net.Client;

/// <summary>Calls to one server over HTTP/2. "http://" means cleartext with prior knowledge.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<IDisposable> _calls = [];
    private bool _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        Address = address;
        MaxSendMessageSize = options.MaxSendMessageSize;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        ThrowOperationCanceledOnCancellation = options.ThrowOperationCanceledOnCancellation;
        HttpMessageHandler handler = options.HttpHandler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        Http = new HttpMessageInvoker(handler, disposeHandler: options.HttpHandler is null || options.DisposeHttpClient);
    }

    internal Uri Address { get; }

    internal HttpMessageInvoker Http { get; }

    internal int? MaxSendMessageSize { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal bool ThrowOperationCanceledOnCancellation { get; }

    public static GrpcChannel ForAddress(string address) => ForAddress(new Uri(address));

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions) => new(address, channelOptions);

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels the calls that have not ended.</summary>
    public void Dispose()
    {
        IDisposable[] calls;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            calls = [.. _calls];
            _calls.Clear();
        }
        foreach (IDisposable call in calls)
            call.Dispose();
        Http.Dispose();
    }

    internal void Register(IDisposable call)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _calls.Add(call);
        }
    }

    internal void Unregister(IDisposable call)
    {
        lock (_lock)
            _calls.Remove(call);
    }
}
