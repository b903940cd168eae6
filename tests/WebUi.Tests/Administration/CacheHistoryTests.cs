using Capstan.ClientGateway;
using Capstan.TestKit;
using Capstan.WebUi.Administration;
using Capstan.WebUi.DevHost.Fakes;

namespace Capstan.WebUi.Tests.Administration;

public sealed class CacheHistoryTests
{
    private readonly ManualTime _time = new();
    private readonly CacheHistory _history;

    public CacheHistoryTests() => _history = new CacheHistory(new FakeAdministration(new FakeFileSystem(_time)), _time);

    [Fact]
    public void Rings_OverADay_KeepTheirRangesAndNoMore()
    {
        for (int second = 0; second < 90_000; second++)
        {
            _history.Sample();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        foreach ((HistoryRange range, int count, double seconds) in new[] { (HistoryRange.FiveMinutes, 300, 1.0), (HistoryRange.Hour, 360, 10), (HistoryRange.Day, 288, 300) })
        {
            (IReadOnlyList<HistorySample> samples, long added) = _history.Read(range);
            Assert.Equal(count, samples.Count);
            Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.Equal(seconds, (pair.Second.At - pair.First.At).TotalSeconds));
            Assert.Single(_history.Read(range, added - 1).Samples);
        }
        Assert.Equal(60, (_time.GetUtcNow() - _history.Before(TimeSpan.FromMinutes(1)).At).TotalSeconds, tolerance: 1);
        Assert.Equal(3600, (_time.GetUtcNow() - _history.Before(TimeSpan.FromHours(1)).At).TotalSeconds, tolerance: 10);
    }

    [Fact]
    public void Before_WhenItHasRunForLess_IsTheStart()
    {
        _history.Sample();
        Assert.Equal(HistorySample.Start, _history.Before(TimeSpan.FromMinutes(1)));
    }
}
