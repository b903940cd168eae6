using Capstan.Mds.Hosting;
using Capstan.Shared.Messages;

namespace Capstan.Integration.Tests;

/// <summary>A gateway that takes nothing from its stream.</summary>
public sealed class SlowReaderTests
{
    [Fact]
    public async Task Link_CutForReadingTooSlowly_LetsWhoeverWaitsForRoomGo()
    {
        SessionLink link = new(TimeProvider.System);
        PageMessage page = new(1, new byte[5 << 20]);
        link.Send([page]);
        // A page stream that waits holds a snapshot of the store.
        Task room = link.RoomAsync();
        Assert.False(room.IsCompleted);
        link.Send([.. Enumerable.Repeat(page, 60)]);
        Assert.True(link.Cut.IsCancellationRequested);
        await room.Soon();
        Assert.Contains("slowly", link.CloseReason, StringComparison.Ordinal);
    }
}
