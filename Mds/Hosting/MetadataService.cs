using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Mds.Hosting;

/// <summary>The edge of the session stream: frames to messages and back.</summary>
internal sealed partial class MetadataService(MdsLoop loop, PageRoom room, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<MetadataService> logger) : Protos.Metadata.MetadataBase
{
    public override async Task Session(
        IAsyncStreamReader<Protos.ClientFrame> requestStream, IServerStreamWriter<Protos.ServerFrame> responseStream, ServerCallContext context)
    {
        SessionLink link = new(time, room);
        // A server that stops waits for its calls: a session would keep it until the gateway goes.
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, link.Cut.Token, lifetime.ApplicationStopping);
        Task writing = link.WriteAsync(responseStream, ended.Token);
        Task reading = ReadAsync(requestStream, link, ended.Token);
        try
        {
            // Whichever ends first ends the other: the gateway has hung up, or the rules have closed the link.
            await (await Task.WhenAny(writing, reading).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (WireException e)
        {
            LogGarbage(e.Message);
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            LogCut(e.Message);
        }
        finally
        {
            link.Close("the connection has ended");
            await ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(writing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await loop.PostEndAsync(link).ConfigureAwait(false);
        }
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            throw new RpcException(new Status(StatusCode.Unavailable, "the MDS is stopping"));
        if (link.CloseReason.Length > 0 && !context.CancellationToken.IsCancellationRequested)
            throw new RpcException(new Status(StatusCode.Aborted, link.CloseReason));
    }

    private async Task ReadAsync(IAsyncStreamReader<Protos.ClientFrame> stream, SessionLink link, CancellationToken cancellation)
    {
        while (await stream.MoveNext(cancellation).ConfigureAwait(false))
        {
            List<ClientMessage> messages = ClientMessageCodec.Decode(stream.Current);
            link.Arrived(messages);
            await loop.PostAsync(link, messages, cancellation).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "A gateway sent what is no frame: {Reason}")]
    private partial void LogGarbage(string reason);

    [LoggerMessage(1302, LogLevel.Debug, "A session's connection was cut: {Reason}")]
    private partial void LogCut(string reason);
}
