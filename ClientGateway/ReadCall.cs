using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

/// <summary>A request that changes nothing and that somebody awaits. <paramref name="onReply"/> runs under the gateway's lock, in stream order.</summary>
internal sealed class ReadCall(Action<Reply>? onReply = null) : IRequestOwner
{
    private readonly TaskCompletionSource<Reply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Reply> Reply => _reply.Task;

    public void Replied(Reply reply)
    {
        onReply?.Invoke(reply);
        _reply.TrySetResult(reply);
    }

    public bool SessionLost() => true;
}
