using Capstan.ClientGateway.Directories;

namespace Capstan.ClientGateway.Tests.Directories;

public sealed class ReadaheadWindowTests
{
    private readonly ReadaheadWindow _window = new();

    [Fact]
    public void Sequential_OpensAndDoublesWhileItIsUsed()
    {
        Read(0);
        Assert.Equal(1, _window.Pages);
        _window.PrefetchedPageWasUsed();
        _window.PrefetchedPageWasUsed();
        Assert.Equal(4, _window.Pages);
        _window.Limit(3);
        Assert.Equal(3, _window.Pages);
        _window.PrefetchedPageWasUsed();
        Assert.Equal(3, _window.Pages);
    }

    [Fact]
    public void Evicted_Halves()
    {
        _window.PrefetchedPageWasUsed();
        _window.PrefetchedPageWasUsed();
        _window.PrefetchedPageWasEvicted();
        Assert.Equal(2, _window.Pages);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(-50)]
    public void RandomAccess_Closes_AndReadingOnOpensAgain(int step)
    {
        Read(0);
        Read(500_000);
        Assert.True(_window.IsClosed);
        _window.PrefetchedPageWasUsed(); // One that was left over opens nothing.
        Assert.True(_window.IsClosed);
        Read(500_000 + step);
        Assert.Equal((1, step > 0 ? AccessPattern.Sequential : AccessPattern.Reverse), (_window.Pages, _window.Pattern));
    }

    [Fact]
    public void Limit_OfNone_NeverOpens()
    {
        _window.Limit(0);
        Read(0);
        Read(50);
        _window.PrefetchedPageWasUsed();
        Assert.True(_window.IsClosed);
        _window.Limit(8);
        Read(100);
        Assert.Equal(1, _window.Pages);
    }

    private void Read(long first) => _window.OnRead(first, 50, 1000, TimeSpan.Zero);
}
