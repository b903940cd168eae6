using System.Diagnostics;
using Capstan.TestKit;

namespace Capstan.Bench;

/// <summary>How long the server takes to answer a page that asks for rows, seen on the page's own line: from what the page says to the first piece of an answer that is as large as rows are. What Chromium needs is not in it.</summary>
internal sealed class AnswerWatch
{
    /// <summary>A screenful is several times as much, compressed; what tells of a job's progress is far less.</summary>
    private const int Rows = 1500;

    private readonly Lock _lock = new();
    private long _asked;
    private double? _answer;
    private bool _isOn;

    public AnswerWatch(DelayingTcpProxy line) => line.Forwarded = See;

    public void Begin()
    {
        lock (_lock)
            (_isOn, _asked, _answer) = (true, 0, null);
    }

    /// <summary>In milliseconds; null when no such answer came.</summary>
    public double? End()
    {
        lock (_lock)
        {
            _isOn = false;
            return _answer;
        }
    }

    private void See(int bytes, bool toClient)
    {
        lock (_lock)
        {
            if (!_isOn)
                return;
            if (!toClient && _asked == 0)
                _asked = Stopwatch.GetTimestamp();
            else if (toClient && _asked != 0 && bytes >= Rows)
                _answer ??= Stopwatch.GetElapsedTime(_asked).TotalMilliseconds;
        }
    }
}
