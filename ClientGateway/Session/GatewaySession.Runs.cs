using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Session;

// Requests that leave together, and replies that come together.
internal sealed partial class GatewaySession
{
    /// <summary>Gives those who wait for the replies of a run, in order; one that nobody waits for any more is null.</summary>
    public IRequestOwner?[] OnReplies(ReplyRun run)
    {
        _hasArrived = true;
        IRequestOwner?[] owners = new IRequestOwner?[run.Count];
        if (_requests.TryGetValue(run.FirstTid, out Outstanding? first))
            Timer.Ended(first.Operation, first.AskedAt, first.SentAt, run.Count, FsErrno.Ok, null);
        for (int i = 0; i < owners.Length; i++)
        {
            if (_requests.Remove(run.FirstTid + i, out Outstanding? request))
                owners[i] = request.Owner;
            if (request is { WasSent: true } || _abandoned.Remove(run.FirstTid + i))
                _sent--;
        }
        SendWaiting();
        return owners;
    }

    /// <summary>Consecutive requests that make a run leave as one.</summary>
    private void Post(long tid, Caller caller, FsOperation operation, bool retry, Activity? span)
    {
        switch (Outbox.Count > 0 ? Outbox[^1] : null)
        {
            case var _ when span is not null:
                Outbox.Add(new Request(tid, OldestTid, retry, caller, operation) { Trace = span.Context });
                break;
            case RequestRun run when run.FirstTid + run.Count == tid && MayJoin(run.Caller, run.Retry, run.Operations[^1]):
                run.Operations.Add(operation);
                break;
            case Request last when last.Trace == default && last.Tid + 1 == tid && MayJoin(last.Caller, last.Retry, last.Operation):
                Outbox[^1] = new RequestRun(last.Tid, last.OldestTid, retry, last.Caller, [last.Operation, operation]);
                break;
            default:
                Outbox.Add(new Request(tid, OldestTid, retry, caller, operation));
                break;
        }

        bool MayJoin(Caller other, bool otherRetry, FsOperation before) =>
            otherRetry == retry && other.IsSameAs(caller) && RequestRun.MayJoin(before, operation);
    }
}
