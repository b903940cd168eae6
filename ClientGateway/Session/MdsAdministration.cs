using Capstan.Shared;
using Capstan.Shared.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Protos = Capstan.Shared.Protos;

namespace Capstan.ClientGateway.Session;

/// <summary>What administrators ask of the MDS, in calls of their own.</summary>
internal sealed class MdsAdministration(GrpcChannel channel)
{
    private readonly Protos.Admin.AdminClient _client = new(channel);

    public async Task<FsResult<IReadOnlyList<MdsSessionSnapshot>>> SessionsAsync(Caller caller, CancellationToken cancellation)
    {
        try
        {
            Protos.ListSessionsReply reply = await _client.ListSessionsAsync(new Protos.ListSessionsRequest { Caller = caller.ToProto() }, cancellationToken: cancellation).ConfigureAwait(false);
            return reply.Errno == 0 ? FsResult.Of<IReadOnlyList<MdsSessionSnapshot>>([.. reply.Sessions.Select(Decode)]) : (FsErrno)reply.Errno;
        }
        catch (RpcException)
        {
            return FsErrno.NotConnected;
        }
    }

    public async Task<FsErrno> EvictAsync(Caller caller, string handle, CancellationToken cancellation)
    {
        try
        {
            Protos.EvictSessionReply reply = await _client.EvictSessionAsync(
                new Protos.EvictSessionRequest { Caller = caller.ToProto(), Handle = handle }, cancellationToken: cancellation).ConfigureAwait(false);
            return (FsErrno)reply.Errno;
        }
        catch (RpcException)
        {
            return FsErrno.NotConnected;
        }
    }

    private static MdsSessionSnapshot Decode(Protos.SessionInfo session) => new(
        session.Handle, session.ClientName, (MdsSessionState)session.State, session.Strict, session.Caps,
        TimeSpan.FromMilliseconds(session.RenewedMs), TimeSpan.FromMilliseconds(session.LeaseMs), TimeSpan.FromMicroseconds(session.RoundTripUs),
        session.Held, session.Revokes, TimeSpan.FromMilliseconds(session.OldestRevokeMs));
}
