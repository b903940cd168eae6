namespace Capstan.Simulation.Tests;

/// <summary>A bounded share of the schedules for every test run (slow or loaded machines play fewer); <c>dotnet run --project tests/Simulation -- --seeds A..B</c> plays as many as one likes.</summary>
public sealed class ScheduleTests
{
    /// <summary>All that the schedules are there to meet; one that is met no more is no longer tested.</summary>
    private static readonly string[] MustBeMet =
    [
        "link cut for less than the lease", "link cut for longer than the lease", "connection duplicated", "message delayed", "slow commit",
        "MDS killed before a group", "MDS killed in a group", "MDS killed before a commit", "MDS killed after a commit, before an answer", "MDS killed while it answered",
        "MDS killed after its answers", "MDS killed in the grace period", "MDS killed twice in a row",
        "gateway killed", "gateway killed with operations in flight", "gateway stood still", "gateway stood still for longer than its lease",
        "store refused: Io", "store refused: NoSpace", "store refused: AccessDenied", "store SQLite", "caps recalled", "lease ran out", "session evicted",
        "gateway strict", "gateway without acks", "listing told at once", "listing told when it was settled",
        "workload Private", "workload Watched", "workload Bulk", "workload Calm", "workload Contended",
        "run to the trash", "run answered when others had it", "trash purged", "purge waited for caps", "tree removed", "tree's removal cancelled", "directory flushed", "failure told by a flush",
        "directory dropped", "directory that is gone forgotten", "content written", "content refused", "content's answer held", "content's answer ahead of its deltas",
    ];

    [Fact]
    public void Schedules_HalfAMinute_AllComeToRestAndAgree_AndMeetAllThereIsToMeet()
    {
        Player player = Play(1, 1_000_000, TimeSpan.FromSeconds(40), MustBeMet);
        Assert.Equal([], MustBeMet.Except(player.Met.Keys));
        Assert.True(player.Asynchronous * 3 >= player.Unlinks, $"Only {player.Asynchronous} of {player.Unlinks} unlinks went ahead of their reply.");
    }

    // Seeds that once failed. What they met is told by name in the unit tests; a change of the workload makes other schedules of them.
    [Theory]
    [InlineData(1667)] // the delta of a group that was undone, waited for
    [InlineData(2274)] // the repeat of a success, told of the refusal of the group that it was in
    [InlineData(44657)] // a held answer lost: the directory was gone when a later group was undone
    [InlineData(94988)] // a holder taken for up to date by a version that was undone
    [InlineData(1923)] // a gateway with more reads out than its credit, evicted while it stood still
    [InlineData(307194)] // a grant put past what was in the mail behind it, when a later part of a group was undone
    [InlineData(394)] // a content committed twice behind a refused request of its group
    [InlineData(107)] // a content's answer ahead of the grant that was on its way
    [InlineData(187)]
    [InlineData(53992)] // a revoke that was not undone with its group
    [InlineData(76004)] // a rename out of a directory that was being purged
    [InlineData(308710)] // more in the trash than one answer tells
    public void Schedules_ThatOnceFailed_AreGood(int seed) => Play(seed, seed, TimeSpan.FromSeconds(60));

    // Seeds that once failed where each gateway keeps so few directories.
    [Theory]
    [InlineData(7, 1)] // a path walk whose directory was dropped with the answer that it is settled
    [InlineData(93, 1)]
    [InlineData(386, 1)]
    public void Schedules_ThatOnceFailedWithFewDirectories_AreGood(int seed, int directories) => Play(seed, seed, TimeSpan.FromSeconds(60), maxDirectories: directories);

    [Fact]
    public void Schedule_PlayedTwice_GoesTheSameWay()
    {
        string scratch = Directory.CreateTempSubdirectory("simulation").FullName;
        for (int seed = 1; seed <= 40; seed++)
            Assert.Equal(Player.Trace(seed, scratch).Trace, Player.Trace(seed, scratch).Trace);
        Directory.Delete(scratch, recursive: true);
    }

    private static Player Play(int first, int last, TimeSpan atMost, IReadOnlyList<string>? toMeet = null, int? maxDirectories = null)
    {
        StringWriter output = new();
        Player player = Player.Play(first, last, atMost, withTrace: false, output, toMeet, maxDirectories);
        player.Tell(output);
        TestContext.Current.TestOutputHelper?.WriteLine(output.ToString());
        Assert.True(player.Failed.Count == 0, output.ToString());
        return player;
    }
}
