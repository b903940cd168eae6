using Capstan.Interop.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace Capstan.Interop.Tests;

/// <summary>Does what each packet says; peer/peer.js does the same.</summary>
public sealed class InteropService(InteropProbe probe) : Protos.Interop.InteropBase
{
    public static readonly byte[] TrailerBytes = [0, 1, 0xFE, 0xFF];

    public override async Task<Packet> Echo(Packet request, ServerCallContext context)
    {
        await ObeyAsync(request, context);
        return new Packet { Number = request.Number, Text = request.Text, Body = request.Size > 0 ? ByteString.CopyFrom(new byte[request.Size]) : request.Body };
    }

    public override async Task<Packet> Collect(IAsyncStreamReader<Packet> requestStream, ServerCallContext context)
    {
        Packet answer = new();
        await foreach (Packet packet in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await ObeyAsync(packet, context);
            answer.Number++;
            answer.Size += packet.Body.Length;
        }
        return answer;
    }

    public override async Task Spread(Packet request, IServerStreamWriter<Packet> responseStream, ServerCallContext context)
    {
        if (request.Text.Length > 0)
            await context.WriteResponseHeadersAsync([new Metadata.Entry("x-text", request.Text)]);
        for (int i = 0; i < request.Number; i++)
        {
            await responseStream.WriteAsync(new Packet { Number = i, Body = ByteString.CopyFrom(new byte[request.Size]) });
            probe.HasSpreadOne();
        }
        await ObeyAsync(request, context);
    }

    public override async Task Converse(IAsyncStreamReader<Packet> requestStream, IServerStreamWriter<Packet> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await ObeyAsync(requestStream.Current, context);
            await responseStream.WriteAsync(requestStream.Current, context.CancellationToken);
        }
    }

    private async Task ObeyAsync(Packet packet, ServerCallContext context)
    {
        if (packet.Hang)
        {
            probe.Hangs();
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                probe.SawCancellation();
            }
        }
        if (packet.Trailers)
        {
            context.ResponseTrailers.Add("x-interop", "seen " + packet.Number);
            context.ResponseTrailers.Add("x-interop-bin", TrailerBytes);
        }
        if (packet.FailCode == -1)
            throw new InvalidOperationException("secret of the server");
        if (packet.FailCode != 0)
            throw new RpcException(new Status((StatusCode)packet.FailCode, packet.Text));
    }
}
