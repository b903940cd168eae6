using Capstan.Mds.Sessions;
using Capstan.Shared;
using Capstan.Shared.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Mds.Hosting;

/// <summary>What administrators ask of all sessions, whichever gateway they are of. For root alone.</summary>
internal sealed partial class AdminService(MdsLoop loop, ILogger<AdminService> logger) : Protos.Admin.AdminBase
{
    public override async Task<Protos.ListSessionsReply> ListSessions(Protos.ListSessionsRequest request, ServerCallContext context)
    {
        if (!IsRoot(request.Caller))
            return new Protos.ListSessionsReply { Errno = (int)FsErrno.NotPermitted };
        IReadOnlyList<SessionFigures> sessions = [];
        await loop.RunInGroupAsync(
            (core, _) =>
            {
                sessions = core.DescribeSessions();
                return true;
            },
            context.CancellationToken).ConfigureAwait(false);
        Protos.ListSessionsReply reply = new();
        reply.Sessions.AddRange(sessions.Select(ToProto));
        return reply;
    }

    public override async Task<Protos.EvictSessionReply> EvictSession(Protos.EvictSessionRequest request, ServerCallContext context)
    {
        if (!IsRoot(request.Caller))
            return new Protos.EvictSessionReply { Errno = (int)FsErrno.NotPermitted };
        bool found = false;
        await loop.RunInGroupAsync(
            (core, _) =>
            {
                found |= core.EvictByHand(request.Handle);
                return true;
            },
            context.CancellationToken).ConfigureAwait(false);
        if (found)
            LogEvicted(request.Handle);
        return new Protos.EvictSessionReply { Errno = (int)(found ? FsErrno.Ok : FsErrno.NoEntry) };
    }

    private static bool IsRoot(Protos.Caller? caller) => caller is { Uid: 0 };

    private static Protos.SessionInfo ToProto(SessionFigures session) => new()
    {
        Handle = session.Id.ToString(),
        ClientName = session.ClientName,
        State = (int)session.State,
        Strict = session.IsStrict,
        Caps = session.Caps,
        RenewedMs = (long)session.SinceRenewal.TotalMilliseconds,
        LeaseMs = (long)session.LeaseLeft.TotalMilliseconds,
        RoundTripUs = (long)session.RoundTrip.TotalMicroseconds,
        Held = session.Held,
        Revokes = session.Revokes,
        OldestRevokeMs = (long)session.OldestRevoke.TotalMilliseconds,
    };

    [LoggerMessage(1401, LogLevel.Warning, "An administrator has evicted the session {Handle}.")]
    private partial void LogEvicted(string handle);
}
