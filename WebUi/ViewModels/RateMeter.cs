namespace Capstan.WebUi.ViewModels;

/// <summary>How many a second, over the last seconds.</summary>
public sealed class RateMeter
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(3);

    private readonly Queue<(DateTimeOffset At, long Count)> _samples = [];

    public double PerSecond { get; private set; }

    public void Sample(DateTimeOffset now, long count)
    {
        if (_samples.Count > 0 && now - _samples.Last().At < TimeSpan.FromMilliseconds(90))
            return;
        _samples.Enqueue((now, count));
        while (_samples.Count > 2 && now - _samples.Peek().At > Span)
            _samples.Dequeue();
        (DateTimeOffset at, long first) = _samples.Peek();
        double seconds = (now - at).TotalSeconds;
        PerSecond = seconds > 0 ? (count - first) / seconds : 0;
    }
}
