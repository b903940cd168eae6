using System.Threading.Channels;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.Transfers.Uploads.Sets;

/// <summary>
/// Makes the empty folders of upload sets from their lists: they have no bytes, so no browser is needed, and who goes on with a set on another device cannot choose them.
/// A browser that sends them all the same is told that they are there.
/// </summary>
internal sealed partial class UploadFolders(UploadSets sets, IFileSystemClient client, TimeProvider time, ILogger<UploadFolders> logger) : BackgroundService
{
    private const int AtOnce = 64;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    // Sets whose folders are to be made, one after the other. Written by requests, read by the loop; unbounded, as there are few sets.
    private readonly Channel<UploadSet> _asked = Channel.CreateUnbounded<UploadSet>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Returns at once.</summary>
    public void Ask(UploadSet set) => _asked.Writer.TryWrite(set);

    /// <summary>False when the metadata server has not answered: it is worth another try. What is refused is told by the browser, which tries it too.</summary>
    public async Task<bool> TryMakeAsync(UploadSet set)
    {
        UploadPlacement placement = new(client);
        foreach (UploadPlan[] some in set.FoldersLeft().Chunk(AtOnce))
        {
            // What has begun is brought to its end, whoever has asked.
            Placed[] placed = await Task.WhenAll(some.Select(plan => set.PlaceOnceAsync(
                plan, mayBeThere => placement.PlaceAsync(set.Caller, plan, plan.OnConflict, () => Stream.Null, mayBeThere, CancellationToken.None))));
            if (placed.Any(p => p.Errno is FsErrno.NotConnected or FsErrno.KeyExpired or FsErrno.TimedOut or FsErrno.TryAgain))
                return false;
        }
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (UploadSet left in sets.Unfinished)
            Ask(left);
        await foreach (UploadSet set in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (!await TryMakeAsync(set))
                    _ = AskAgainAsync(set, stoppingToken);
            }
            catch (IOException e)
            {
                LogFailed(e, set.Id);
            }
        }
    }

    private async Task AskAgainAsync(UploadSet set, CancellationToken stop)
    {
        await Task.Delay(Again, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stop.IsCancellationRequested)
            Ask(set);
    }

    [LoggerMessage(5221, LogLevel.Warning, "The empty folders of upload set {Id} could not be noted; its browser sends them.")]
    private partial void LogFailed(Exception e, string id);
}
