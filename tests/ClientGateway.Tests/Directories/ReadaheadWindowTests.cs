using Capstan.ClientGateway.Directories;

namespace Capstan.ClientGateway.Tests.Directories;

public sealed class ReadaheadWindowTests
{
    private readonly ReadaheadWindow _window = new();

    [Fact]
    public void Sequential_OpensAndDoublesWhileItIsUsed()
    {
        _window.OnRead(0, 50, 1000);
        Assert.Equal(1, _window.Pages);
        _window.PrefetchedPageWasUsed();
        _window.PrefetchedPageWasUsed();
        Assert.Equal(4, _window.Pages);
        _window.Limit(3);
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

    [Fact]
    public void RandomAccess_Closes_AndSequentialOpensAgain()
    {
        _window.OnRead(0, 50, 1000);
        _window.OnRead(500_000, 50, 1000);
        Assert.Equal(0, _window.Pages);
        _window.OnRead(500_050, 50, 1000);
        Assert.Equal(1, _window.Pages);
    }
}
