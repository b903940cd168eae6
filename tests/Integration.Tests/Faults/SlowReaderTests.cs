using Capstan.Mds.Hosting;
using Capstan.Shared.Messages;

namespace Capstan.Integration.Tests;

/// <summary>A gateway that takes nothing from its stream.</summary>
public sealed class SlowReaderTests
{
    [Fact]
    public void Link_CutForReadingTooSlowly_LetsWhoeverWaitsForRoomGo()
    {
        PageRoom room = new();
        int freed = 0;
        SessionLink link = new(TimeProvider.System, room);
        room.Freed = () => freed++;
        PageMessage page = new(1, new byte[5 << 20]);
        link.Send([page]);
        // A page stream that waits holds a snapshot of the store.
        Assert.False(link.HasRoom(isWaitedFor: true));
        Assert.Equal(0, freed);
        link.Send([.. Enumerable.Repeat(page, 60)]);
        Assert.True(link.Cut.IsCancellationRequested);
        Assert.Equal(1, freed);
        Assert.True(link.HasRoom(isWaitedFor: false));
        Assert.Contains("slowly", link.CloseReason, StringComparison.Ordinal);
    }
}
