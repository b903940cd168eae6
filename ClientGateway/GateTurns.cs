namespace Capstan.ClientGateway;

/// <summary>
/// Turns at the gateway's lock. A lock goes to whoever asks first, and that is the thread that has just left it: bulk work of fifty
/// short turns would be one long one, in which nothing is sent and no reply is taken. So who must not wait announces itself, and who has many turns to
/// take lets the announced ones have theirs between two.
/// </summary>
internal sealed class GateTurns(Lock gate)
{
    /// <summary>About a millisecond: enough to be woken. Whoever is not in by then has no processor, and nothing is gained by waiting.</summary>
    private const int Patience = 1000;

    private int _announced;

    /// <summary>How many of those who must not wait have announced themselves and are not in yet.</summary>
    public int Announced => Volatile.Read(ref _announced);

    public bool IsAwaited => Announced > 0;

    /// <summary>Enters the lock, ahead of bulk work.</summary>
    public Lock.Scope EnterAhead()
    {
        Interlocked.Increment(ref _announced);
        Lock.Scope scope = gate.EnterScope();
        Interlocked.Decrement(ref _announced);
        return scope;
    }

    /// <summary>Between two turns of bulk work, outside of the lock.</summary>
    public void LetOthersAhead()
    {
        SpinWait spin = default;
        for (int i = 0; i < Patience && IsAwaited; i++)
            spin.SpinOnce(sleep1Threshold: -1);
    }
}
