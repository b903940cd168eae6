using Capstan.ClientGateway.Operations;
using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

// Directories: what is in them lines up behind them.
internal sealed partial class TransferRun
{
    private const int ListingsAtOnce = 16;

    private readonly Stack<TransferNode> _unlisted = [];
    private readonly HashSet<InodeId> _made = [];
    private int _listing;

    private void ListNext()
    {
        while (true)
        {
            TransferNode? node;
            lock (_lock)
            {
                if (_listing >= ListingsAtOnce || !_unlisted.TryPop(out node))
                    return;
                _listing++;
            }
            _ = ListAsync(node);
        }
    }

    private async Task ListAsync(TransferNode node)
    {
        FsErrno errno = FsErrno.Ok;
        try
        {
            errno = await ListAllAsync(node).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogBroken(e, _job.Title);
            errno = FsErrno.Io;
        }
        lock (_lock)
            _listing--;
        if (errno != FsErrno.Ok)
            node.Fault = errno;
        EndOne(node);
        ListNext();
    }

    private async Task<FsErrno> ListAllAsync(TransferNode node)
    {
        DirectoryLister lister = new(_core, _client.Flush, Caller, node.Entry!.Source.Ino);
        while (await _job.MayGoOnAsync().ConfigureAwait(false))
        {
            FsResult<IReadOnlyList<DirectoryEntry>> page = await lister.NextAsync().ConfigureAwait(false);
            if (IsOutage(page.Errno))
            {
                if (!await ConnectedAsync().ConfigureAwait(false))
                    return FsErrno.Cancelled;
                continue;
            }
            if (!page.IsOk)
                return page.Errno;
            if (page.Value.Count == 0)
                return FsErrno.Ok;
            foreach (DirectoryEntry found in page.Value)
            {
                lock (_lock)
                {
                    if (_made.Contains(found.Attributes.Ino))
                        continue; // A copy that lies within what is copied is no part of it.
                }
                _job.Grow(1);
                node.Begin();
                await BeginAsync(Entry(node, TransferItem.Into(node.Target, node.Entry!.Source.Ino, found))).ConfigureAwait(false);
            }
        }
        node.SomethingStays = true;
        return FsErrno.Ok;
    }

    /// <summary>The directory and those above it, as far as its path is known.</summary>
    private async Task<InodeId[]> AtOrAboveAsync(InodeId directory)
    {
        string path;
        lock (_core.Gate)
            path = _core.Operations.PlaceOf(directory);
        List<InodeId> found = [directory, InodeId.Root];
        List<FileName> names = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FileName.TryParse(part, out FileName name) != FsErrno.Ok)
                break;
            names.Add(name);
            if (await _client.ResolveAsync(Caller, names).ConfigureAwait(false) is not { IsOk: true, Value: var place })
                break;
            found.Add(place.Attributes.Ino);
        }
        return [.. found];
    }
}
