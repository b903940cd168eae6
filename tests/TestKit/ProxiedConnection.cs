using System.Net.Sockets;
using System.Threading.Channels;

namespace Capstan.TestKit;

/// <summary>Two sockets and the two directions between them.</summary>
internal sealed class ProxiedConnection(Socket client, Socket server, DelayLine toServer, DelayLine toClient, Action<int, bool> forwarded)
{
    private const int ChunkSize = 64 * 1024;

    private readonly CancellationTokenSource _cut = new();

    /// <summary>Ends when both directions have ended, or the connection was cut.</summary>
    public async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(PumpAsync(client, server, toServer), PumpAsync(server, client, toClient));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut, by a peer or by the test.
        }
        finally
        {
            Cut();
        }
    }

    /// <summary>Both peers see a reset, and what was on its way is lost.</summary>
    public void Cut()
    {
        _cut.Cancel();
        foreach (Socket socket in (Socket[])[client, server])
        {
            try
            {
                if (socket.AddressFamily != AddressFamily.Unix)
                    socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }
            socket.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, DelayLine line)
    {
        // Unbounded: the line has no bandwidth limit of its own; HTTP/2 bounds what is on its way.
        Channel<byte[]> due = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
        Task sending = SendAsync(due.Reader, to);
        try
        {
            byte[] buffer = new byte[ChunkSize];
            int read;
            do
            {
                read = await from.ReceiveAsync(buffer, _cut.Token);
                byte[] chunk = buffer[..read];
                line.Enqueue(() => due.Writer.TryWrite(chunk));
            }
            while (read > 0);
            await sending;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One direction that breaks takes the other with it, as a reset does.
            Cut();
            throw;
        }
    }

    /// <summary>An empty chunk is the end of the stream.</summary>
    private async Task SendAsync(ChannelReader<byte[]> due, Socket to)
    {
        await foreach (byte[] chunk in due.ReadAllAsync(_cut.Token))
        {
            if (chunk.Length == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }
            for (int sent = 0; sent < chunk.Length;)
                sent += await to.SendAsync(chunk.AsMemory(sent), _cut.Token);
            forwarded(chunk.Length, to == client);
        }
    }
}
