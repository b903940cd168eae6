using Capstan.ClientGateway.Directories;

namespace Capstan.ClientGateway.Tests.Directories;

public sealed class ReadPatternTests
{
    private const int PageRows = 1000;

    private readonly ReadPattern _reader = new();
    private TimeSpan _now;

    [Fact]
    public void OnRead_First_IsOpening()
    {
        Assert.Equal(AccessPattern.Opening, Read(0));
        Assert.Equal(AccessPattern.Opening, Read(0));
    }

    [Fact]
    public void OnRead_RowsThatFollowOrOverlap_IsSequential()
    {
        Read(0);
        Assert.Equal(AccessPattern.Sequential, Read(50));
        Assert.Equal(AccessPattern.Sequential, Read(75));
        Assert.Equal(AccessPattern.Sequential, Read(75 + 2000));
        Assert.Equal(AccessPattern.Sequential, Read(75 + 2000));
    }

    [Fact]
    public void OnRead_RowsBefore_IsReverse_AndTurnsRound()
    {
        Read(500_000);
        Assert.Equal(AccessPattern.Reverse, Read(499_950));
        Assert.Equal(AccessPattern.Reverse, Read(499_900));
        Assert.Equal(AccessPattern.Sequential, Read(499_930));
    }

    [Fact]
    public void OnRead_FarAway_IsJumping_UntilItMovesOn()
    {
        Read(0);
        Assert.Equal(AccessPattern.Jumping, Read(500_000));
        Assert.Equal(AccessPattern.Jumping, Read(500_000));
        Assert.Equal(AccessPattern.Sequential, Read(500_050));
        Pass(10);
        Assert.Equal(AccessPattern.Jumping, Read(999_950));
        Assert.Equal(AccessPattern.Reverse, Read(999_900));
    }

    [Fact]
    public void OnRead_ThreeJumpsWithinASecond_IsScrubbing_UntilASecondAfter()
    {
        Read(0);
        Assert.Equal(AccessPattern.Jumping, Read(100_000));
        Pass(0.3);
        Assert.Equal(AccessPattern.Jumping, Read(200_000));
        Pass(0.3);
        Assert.Equal(AccessPattern.Scrubbing, Read(300_000));
        Assert.Equal(AccessPattern.Scrubbing, Read(300_050));
        Pass(1.1);
        Assert.Equal(AccessPattern.Sequential, Read(300_100));
    }

    [Fact]
    public void OnRead_SlowJumps_AreNoScrubbing()
    {
        Read(0);
        for (int i = 1; i < 20; i++)
        {
            Pass(0.6);
            Assert.Equal(AccessPattern.Jumping, Read(i * 50_000));
        }
    }

    private AccessPattern Read(long first) => _reader.OnRead(first, 50, PageRows, _now);

    private void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds);
}
