using Capstan.TestKit;

namespace Capstan.ClientGateway.Tests;

public sealed class GateTurnsTests
{
    private readonly Lock _gate = new();
    private readonly GateTurns _turns;

    public GateTurnsTests() => _turns = new GateTurns(_gate);

    [Fact]
    public void EnterAhead_HoldsTheLockAndWaitsNoMore()
    {
        using (_turns.EnterAhead())
        {
            Assert.True(_gate.IsHeldByCurrentThread);
            Assert.Equal(0, _turns.Announced);
        }
        Assert.False(_gate.IsHeldByCurrentThread);
    }

    [Fact]
    public async Task EnterAhead_WhileAnotherIsIn_IsAnnouncedUntilItIsIn()
    {
        Task<int> ahead;
        lock (_gate)
        {
            ahead = EnterOnItsThread();
            WaitForTheAnnounced();
            Assert.False(ahead.IsCompleted);
        }
        Assert.Equal(0, await Eventually.OfAsync(ahead, "the turn of the announced one"));
    }

    [Fact]
    public void LetOthersAhead_NobodyIsAnnounced_GoesOn() => _turns.LetOthersAhead();

    /// <summary>Who has no processor, or finds another in the lock, holds nobody up for longer than the patience.</summary>
    [Fact]
    public async Task LetOthersAhead_TheAnnouncedOneCannotComeIn_GoesOnAllTheSame()
    {
        Task<int> ahead;
        lock (_gate)
        {
            ahead = EnterOnItsThread();
            WaitForTheAnnounced();
            _turns.LetOthersAhead();
            Assert.Equal(1, _turns.Announced);
        }
        await Eventually.OfAsync(ahead, "the turn of the announced one");
    }

    [Fact]
    public async Task LetOthersAhead_BetweenTheTurnsOfBulkWork_TheAnnouncedOneHasItsTurn()
    {
        const int Rounds = 300;
        int entered = 0, between = 0;
        bool isOver = false;
        Task ahead = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    using (_turns.EnterAhead())
                        entered++;
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        int before = 0;
        for (int round = 0; round < Rounds; round++)
        {
            lock (_gate)
            {
                between += round > 0 && entered > before ? 1 : 0;
                WaitForTheAnnounced();
                before = entered;
            }
            _turns.LetOthersAhead();
        }
        Volatile.Write(ref isOver, true);
        await Eventually.OfAsync(ahead, "the end of the other thread");
        // Not after each: who has no processor within the patience misses one.
        Assert.InRange(between, 1, Rounds - 1);
        Assert.Equal(0, _turns.Announced);
    }

    private Task<int> EnterOnItsThread() => Task.Factory.StartNew(
        () =>
        {
            using (_turns.EnterAhead())
                return _turns.Announced;
        },
        TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void WaitForTheAnnounced() => Assert.True(SpinWait.SpinUntil(() => _turns.Announced == 1, Eventually.DefaultTimeout), "nobody was announced");
}
