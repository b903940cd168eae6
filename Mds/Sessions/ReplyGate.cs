using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

/// <summary>A reply that is held until every other holder of Fs has applied the change: strict mode.</summary>
internal sealed class ReplyGate(MdsSession session, Reply reply, TimeProvider time)
{
    private readonly long _since = time.GetTimestamp();
    private bool _isReleased;

    public int Outstanding { get; set; }

    /// <summary>The group's commit failed: the reply must never be sent.</summary>
    public bool IsVoid { get; set; }

    public void Release()
    {
        if (--Outstanding > 0)
            return;
        if (reply.Times is { } times)
            times.Held = time.GetElapsedTime(_since);
        SendIfOpen();
    }

    public void SendIfOpen()
    {
        if (Outstanding > 0 || _isReleased || IsVoid)
            return;
        _isReleased = true;
        session.Answer(reply);
    }
}
