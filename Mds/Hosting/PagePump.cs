using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Microsoft.Extensions.Logging;

namespace Capstan.Mds.Hosting;

/// <summary>Reads pages on the thread pool, two at a time, each stream no faster than its connection takes them.</summary>
internal sealed partial class PagePump(ILogger<PagePump> logger) : IPagePump
{
    /// <summary>Pages that a stream reads before another one gets its turn.</summary>
    private const int Turn = 4;

    private readonly SemaphoreSlim _turns = new(2);

    public void Start(PageStream stream) => _ = RunAsync(stream);

    private async Task RunAsync(PageStream stream)
    {
        SessionLink link = (SessionLink)stream.Link;
        try
        {
            for (bool more = true; more;)
            {
                await link.RoomAsync().ConfigureAwait(false);
                await _turns.WaitAsync().ConfigureAwait(false);
                try
                {
                    for (int i = 0; i < Turn && more; i++)
                        more = await Task.Run(stream.Step).ConfigureAwait(false);
                }
                finally
                {
                    _turns.Release();
                }
            }
        }
        catch (StoreException e)
        {
            LogFailed(e);
            stream.Fail(e.Errno);
        }
        catch (Exception e)
        {
            LogFailed(e);
            stream.Fail(Shared.FsErrno.Io);
        }
    }

    [LoggerMessage(1201, LogLevel.Error, "Reading pages of a directory failed.")]
    private partial void LogFailed(Exception e);
}
