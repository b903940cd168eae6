using System.CommandLine;
using Capstan.Mds.Storage;

namespace Capstan.Mds.Admin;

/// <summary>The commands for whoever looks after a data directory. Exit codes: 0 done, 1 done with errors or findings, 2 could not run.</summary>
public static class AdminCommands
{
    private const int Done = 0;
    private const int Incomplete = 1;
    private const int CannotRun = 2;

    private const int ErrorsShown = 50;

    public static Command Import(TimeProvider time)
    {
        Argument<string> host = new("HOSTDIR") { Description = "Directory of this machine whose contents are brought in." };
        Argument<string> path = new("PATH") { Description = "Directory of the filesystem that receives them; made if missing." };
        Option<string> dataDirectory = DataOption();
        Command command = new("import", "Brings a directory of this machine into the filesystem.") { host, path, dataDirectory };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            RunImport(time, parsed.GetRequiredValue(dataDirectory), parsed.GetRequiredValue(host), parsed.GetRequiredValue(path), onlyIfEmpty: false, cancellation)));
        return command;
    }

    public static Command Export(TimeProvider time)
    {
        Argument<string> path = new("PATH") { Description = "Directory of the filesystem whose contents are written out." };
        Argument<string> host = new("HOSTDIR") { Description = "Directory of this machine that receives them; made if missing, nothing in it is overwritten." };
        Option<string> dataDirectory = DataOption();
        Command command = new("export", "Writes a directory of the filesystem out to this machine.") { path, host, dataDirectory };
        command.SetAction((parsed, cancellation) => Task.FromResult(Transfer(time, parsed.GetRequiredValue(dataDirectory), create: false,
            (data, progress) => new Exporter(data).Run(parsed.GetRequiredValue(path), parsed.GetRequiredValue(host), progress, cancellation))));
        return command;
    }

    public static Command Check(TimeProvider time)
    {
        Option<string> dataDirectory = DataOption();
        Option<bool> removeOrphans = new("--remove-orphans") { Description = "Delete content files that belong to no inode." };
        Command command = new("check", "Verifies every count and reference of the filesystem; changes nothing.") { dataDirectory, removeOrphans };
        command.SetAction(parsed => Guarded(() =>
        {
            using DataDirectory data = DataDirectory.Open(parsed.GetRequiredValue(dataDirectory), time, create: false);
            CheckReport report = new Checker(data).Run();
            foreach (Finding finding in report.Findings)
                Console.WriteLine(finding);
            Console.WriteLine($"{report.Entries:N0} entries, {report.Directories:N0} directories, {report.Linked:N0} linked inodes, {report.ContentFiles:N0} content files: "
                + (report.IsClean ? "clean." : $"{report.Findings.Count:N0} findings."));
            if (parsed.GetValue(removeOrphans))
                Console.WriteLine($"{report.RemoveOrphanContents():N0} orphan content files deleted.");
            return report.IsClean ? Done : Incomplete;
        }));
        return command;
    }

    /// <summary>What <c>import</c> does, with its progress on the console. Returns its exit code.</summary>
    /// <param name="onlyIfEmpty">Leaves a filesystem that has entries as it is, and says so.</param>
    public static int RunImport(TimeProvider time, string dataDirectory, string hostDirectory, string path, bool onlyIfEmpty, CancellationToken cancellation) =>
        Transfer(time, dataDirectory, create: true, (data, progress) =>
        {
            if (!onlyIfEmpty || data.IsEmpty)
                return new Importer(data).Run(hostDirectory, path, progress, cancellation);
            Console.WriteLine($"'{dataDirectory}' has a filesystem already: nothing is imported.");
            return null;
        });

    private static Option<string> DataOption() => new("--data") { Description = "Data directory of the MDS.", Required = true };

    private static int Transfer(TimeProvider time, string dataDirectory, bool create, Func<DataDirectory, IProgress<TransferProgress>, TransferReport?> run) => Guarded(() =>
    {
        using DataDirectory data = DataDirectory.Open(dataDirectory, time, create);
        ConsoleProgress progress = new(time, Console.Error, !Console.IsErrorRedirected);
        long started = time.GetTimestamp();
        TransferReport? report;
        try
        {
            report = run(data, progress);
        }
        finally
        {
            progress.Finish();
        }
        if (report is null)
            return Done;
        foreach (string error in report.Errors.Take(ErrorsShown))
            Console.Error.WriteLine(error);
        if (report.ErrorCount > ErrorsShown)
            Console.Error.WriteLine($"... and {report.ErrorCount - ErrorsShown:N0} more.");
        double seconds = Math.Max(0.001, time.GetElapsedTime(started).TotalSeconds);
        Console.WriteLine($"{report}; {seconds:N1} s, {report.Entries / seconds:N0} entries/s.");
        return report.ErrorCount == 0 ? Done : Incomplete;
    });

    private static int Guarded(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is CommandException or DataDirectoryInUseException or StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return CannotRun;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped. What was done so far is kept.");
            return CannotRun;
        }
    }
}
