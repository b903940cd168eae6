namespace Capstan.ClientGateway.Session;

/// <summary>
/// The place in the session's stream behind which a change that was asked for beside it is known here: the answer of such a call keeps
/// no order with grants and deltas.
/// </summary>
internal sealed class ToldMark(long token)
{
    private readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Token => token;

    /// <summary>It has come, or been lost with the connection.</summary>
    public Task Come => _come.Task;

    public bool IsLost { get; private set; }

    /// <summary>The question whose answer takes the place of a mark that was lost.</summary>
    public ReadCall? Instead { get; set; }

    public void HasCome() => _come.TrySetResult();

    public void Lose()
    {
        IsLost = true;
        _come.TrySetResult();
    }
}
