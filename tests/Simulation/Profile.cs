namespace Capstan.Simulation;

/// <summary>Who does what where.</summary>
internal enum Workload
{
    /// <summary>Each gateway in a directory of its own: what exclusive caps are for.</summary>
    Private,

    /// <summary>One writes, the others list and look up where it writes.</summary>
    Watched,

    /// <summary>Directories are filled and emptied again.</summary>
    Bulk,

    /// <summary>Work and calm by turns: whoever has looked at a directory of another gives it back, and exclusive caps are granted again.</summary>
    Calm,

    /// <summary>All do everything on few names: everybody in everybody's way.</summary>
    Contended,
}

/// <summary>What a schedule is like, drawn from its seed: many are short and good-natured, some long and hostile.</summary>
internal sealed record Profile
{
    public required Workload Workload { get; init; }

    public required int Gateways { get; init; }

    public required int Names { get; init; }

    public required int Rounds { get; init; }

    public required double RoundMilliseconds { get; init; }

    /// <summary>A user waits up to so many milliseconds between two actions.</summary>
    public required double Pace { get; init; }

    /// <summary>On SQLite rather than on a simulated disk.</summary>
    public required bool IsOnSqlite { get; init; }

    /// <summary>Cap records a session may hold before it is asked to give some back.</summary>
    public required int MaxCaps { get; init; }

    /// <summary>Of which a gateway keeps something.</summary>
    public required int MaxDirectories { get; init; }

    // Chances: of an action of a user that it is a fault instead, of a message, of a group.
    public required double Cuts { get; init; }

    public required double Duplicates { get; init; }

    public required double Sleeps { get; init; }

    public required double Kills { get; init; }

    public required double Delays { get; init; }

    public required double Crashes { get; init; }

    public required double Refusals { get; init; }

    /// <summary>Of a read of the store.</summary>
    public required double ReadRefusals { get; init; }

    public required double SlowCommits { get; init; }

    /// <summary>What has been in the trash for so many seconds is purged; zero: it stays.</summary>
    public required double Retention { get; init; }

    /// <param name="maxDirectories">Of each gateway; null: drawn, apart from all else, so that the schedules of seeds stay what they are.</param>
    public static Profile Draw(World world, int? maxDirectories)
    {
        Random apart = new(~world.Seed);
        Workload workload = world.Random.Next(20) switch
        {
            < 6 => Workload.Private,
            < 9 => Workload.Watched,
            < 13 => Workload.Bulk,
            < 16 => Workload.Calm,
            _ => Workload.Contended,
        };
        bool isLong = world.Chance(0.08);
        double Sometimes(double probability, params ReadOnlySpan<double> chances) => world.Chance(probability) ? world.Pick(chances) : 0;
        return new Profile
        {
            Workload = workload,
            Gateways = world.Pick(2, 2, 3, 4),
            Names = workload == Workload.Bulk ? world.Random.Next(12, 33) : world.Random.Next(4, 11),
            Rounds = isLong ? 3 : world.Pick(1, 1, 2),
            RoundMilliseconds = isLong ? world.Random.Next(500, 2000) : world.Random.Next(80, 400),
            Pace = world.Pick(4.0, 8, 15, 30),
            IsOnSqlite = world.Chance(0.04),
            MaxCaps = world.Chance(0.1) ? world.Random.Next(2, 5) : 1000,
            MaxDirectories = maxDirectories ?? (apart.Next(4) == 0 ? apart.Next(4) : 65_536),
            Cuts = Sometimes(0.45, 0.002, 0.01, 0.03),
            Duplicates = Sometimes(0.2, 0.005, 0.02),
            Sleeps = Sometimes(0.2, 0.003, 0.01),
            Kills = Sometimes(0.15, 0.003, 0.01),
            Delays = Sometimes(0.25, 0.002, 0.01),
            Crashes = Sometimes(0.4, 0.004, 0.02),
            Refusals = Sometimes(0.3, 0.01, 0.05),
            SlowCommits = Sometimes(0.25, 0.02, 0.1),
            ReadRefusals = Sometimes(0.1, 0.0005, 0.003),
            Retention = Sometimes(0.05, 0.1, 1),
        };
    }
}
