using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Session;

// Marks in the stream for calls beside it.
internal sealed partial class GatewaySession
{
    private readonly Dictionary<long, ToldMark> _marks = [];
    private long _nextToken = 1;

    public int MarksAwaited => _marks.Count;

    public ToldMark NewMark()
    {
        ToldMark mark = new(_nextToken++);
        if (State == SessionState.Open)
            _marks.Add(mark.Token, mark);
        else
            mark.Lose();
        return mark;
    }

    public void Forget(ToldMark mark) => _marks.Remove(mark.Token);

    public void OnTold(Told told)
    {
        if (_marks.Remove(told.Token, out ToldMark? mark))
            mark.HasCome();
    }

    private void LoseMarks()
    {
        foreach (ToldMark mark in _marks.Values)
            mark.Lose();
        _marks.Clear();
    }
}
