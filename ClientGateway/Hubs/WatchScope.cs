using System.Globalization;
using Capstan.Shared;

namespace Capstan.ClientGateway.Hubs;

/// <summary>What a feed is about: everything, one directory, or one job.</summary>
internal readonly record struct WatchScope(InodeId Directory, long Job)
{
    private const string All = "all";
    private const string DirectoryPrefix = "directory:";
    private const string JobPrefix = "job:";

    public static readonly WatchScope Everything = default;

    public bool IsEverything => this == Everything;

    /// <summary>As watchers name it: "all", "directory:17", "job:3".</summary>
    public string Name => Job != 0 ? $"{JobPrefix}{Job}" : Directory.IsNone ? All : $"{DirectoryPrefix}{Directory}";

    public static bool TryParse(string feed, out WatchScope scope)
    {
        scope = default;
        if (feed == All)
            return true;
        if (feed.StartsWith(DirectoryPrefix, StringComparison.Ordinal) && ulong.TryParse(feed.AsSpan(DirectoryPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong ino) && ino != 0)
            scope = new WatchScope(new InodeId(ino), 0);
        else if (feed.StartsWith(JobPrefix, StringComparison.Ordinal) && long.TryParse(feed.AsSpan(JobPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long job) && job != 0)
            scope = new WatchScope(default, job);
        return !scope.IsEverything;
    }

    public bool Holds(PendingOperation operation) =>
        IsEverything || (Job != 0 ? operation.Job?.Id == Job : operation.Directory == Directory);

    public bool Holds(OperationJob job) =>
        IsEverything || (Job != 0 ? job.Id == Job : job.Directory == Directory);
}
