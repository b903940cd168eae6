using System.Net;
using System.Net.Sockets;

namespace Capstan.TestKit;

/// <summary>
/// A long line between two programs on this machine: half a round trip each way, unlimited bandwidth, order kept. It can
/// also be cut, stalled, and made to refuse.
/// </summary>
public sealed class DelayingTcpProxy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly EndPoint _target;
    private readonly DelayLine _toServer, _toClient;
    private readonly HashSet<ProxiedConnection> _connections = [];
    private readonly List<Task> _running = [];
    private Socket? _listener;
    private long _bytes;

    private DelayingTcpProxy(EndPoint target, TimeSpan roundTrip)
    {
        _target = target;
        _toServer = new DelayLine(roundTrip / 2);
        _toClient = new DelayLine(roundTrip / 2);
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _running.Add(AcceptAsync(_listener));
    }

    public int Port { get; }

    /// <summary>As a channel takes it.</summary>
    public string Address => $"http://127.0.0.1:{Port}";

    public TimeSpan RoundTrip
    {
        get => _toServer.Delay + _toClient.Delay;
        set => _toServer.Delay = _toClient.Delay = value / 2;
    }

    /// <summary>Up to so much more each way, at random.</summary>
    public TimeSpan Jitter
    {
        get => _toServer.Jitter;
        set => _toServer.Jitter = _toClient.Jitter = value;
    }

    /// <summary>While set, connections live and bytes wait.</summary>
    public bool Stalled
    {
        get => _toServer.Stalled && _toClient.Stalled;
        set => _toServer.Stalled = _toClient.Stalled = value;
    }

    /// <summary>The same of what goes to the server alone; what it says arrives.</summary>
    public bool StalledToServer
    {
        get => _toServer.Stalled;
        set => _toServer.Stalled = value;
    }

    /// <summary>While set, nobody listens at <see cref="Port"/>; connections that exist live on.</summary>
    public bool RefusesNew
    {
        get
        {
            lock (_lock)
                return _listener is null;
        }
        set
        {
            lock (_lock)
            {
                if (value)
                {
                    _listener?.Dispose();
                    _listener = null;
                }
                else if (_listener is null)
                {
                    _listener = Listen(Port);
                    _running.Add(AcceptAsync(_listener));
                }
            }
        }
    }

    public int Connections
    {
        get
        {
            lock (_lock)
                return _connections.Count;
        }
    }

    /// <summary>Both directions together.</summary>
    public long BytesForwarded => Interlocked.Read(ref _bytes);

    public static DelayingTcpProxy Start(int targetPort, TimeSpan roundTrip) => Start(new IPEndPoint(IPAddress.Loopback, targetPort), roundTrip);

    /// <param name="target">A TCP end point, or a <see cref="UnixDomainSocketEndPoint"/>.</param>
    public static DelayingTcpProxy Start(EndPoint target, TimeSpan roundTrip) => new(target, roundTrip);

    /// <summary>Told of what has been forwarded, in bytes, and whether it went to the client. On any thread.</summary>
    public Action<int, bool>? Forwarded { get; set; }

    /// <summary>Resets every connection; new ones are welcome.</summary>
    public void CutAll()
    {
        ProxiedConnection[] connections;
        lock (_lock)
            connections = [.. _connections];
        foreach (ProxiedConnection connection in connections)
            connection.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        RefusesNew = true;
        CutAll();
        Task[] running;
        lock (_lock)
            running = [.. _running];
        await Task.WhenAll(running);
        _toServer.Dispose();
        _toClient.Dispose();
    }

    private void Count(int bytes, bool toClient)
    {
        Interlocked.Add(ref _bytes, bytes);
        Forwarded?.Invoke(bytes, toClient);
    }

    private static Socket Listen(int port)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptAsync();
                lock (_lock)
                {
                    _running.RemoveAll(task => task.IsCompleted);
                    _running.Add(ServeAsync(client));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // No longer listening.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        Socket server = new(_target.AddressFamily, SocketType.Stream, _target is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            client.NoDelay = true;
            if (_target is IPEndPoint)
                server.NoDelay = true;
            await server.ConnectAsync(_target);
        }
        catch (SocketException)
        {
            client.Dispose();
            server.Dispose();
            return;
        }
        ProxiedConnection connection = new(client, server, _toServer, _toClient, Count);
        lock (_lock)
        {
            _connections.Add(connection);
        }
        await connection.RunAsync();
        lock (_lock)
            _connections.Remove(connection);
    }
}
