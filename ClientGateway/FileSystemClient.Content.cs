using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Session;
using Capstan.Shared;

namespace Capstan.ClientGateway;

// File contents, and files that appear with theirs: calls beside the session stream.
public sealed partial class FileSystemClient
{
    public Task<FsErrno> ReadContentAsync(Caller caller, InodeAddress target, long offset, long length, Stream destination, CancellationToken cancellation = default) =>
        _content.ReadAsync(_core.Session.Id, caller, target, offset, length, destination, cancellation);

    public async Task<FsResult<InodeAttributes>> WriteContentAsync(
        Caller caller, InodeAddress target, Stream source, long size, long? ifContent = null, CancellationToken cancellation = default)
    {
        // Whoever writes what is to go is told that it is gone, and not that it is written; what a paused job is about is there for now.
        await NameIsSettledAsync(target.Dir, target.Name, cancellation, unlessPaused: true);
        return await SeenAsync(target.Dir, token => _content.WriteAsync(_core.Session.Id, caller, target, source, size, ifContent, token, cancellation), cancellation);
    }

    public async Task<FsResult<InodeAttributes>> CreateFileWithContentAsync(
        Caller caller, InodeId directory, FileName name, uint permissions, Stream source, long size, long? mtimeNs = null, CancellationToken cancellation = default)
    {
        await NameIsSettledAsync(directory, name, cancellation);
        return await SeenAsync(
            directory, token => _content.CreateAsync(_core.Session.Id, caller, (directory, name, permissions), source, size, mtimeNs, token, cancellation), cancellation);
    }

    public async Task<FsResult<InodeAttributes>> CopyFileAsync(
        Caller caller, InodeAddress source, InodeId directory, FileName name, CancellationToken cancellation = default)
    {
        await NameIsSettledAsync(source.Dir, source.Name, cancellation);
        await NameIsSettledAsync(directory, name, cancellation);
        return await SeenAsync(directory, token => _content.CopyAsync(_core.Session.Id, caller, source, (directory, name), token, cancellation), cancellation);
    }

    /// <summary>The answer of such a call may overtake the deltas of its own change: it is given when this gateway shows the change.</summary>
    private async Task<FsResult<InodeAttributes>> SeenAsync(InodeId directory, Func<long, Task<FsResult<InodeAttributes>>> call, CancellationToken cancellation)
    {
        ToldMark mark;
        lock (_core.Gate)
            mark = _core.Session.NewMark();
        FsResult<InodeAttributes> result = FsErrno.NotConnected;
        try
        {
            result = await call(mark.Token);
            while (result.IsOk)
            {
                Task? wait;
                lock (_core.Gate)
                    wait = _core.UntilSeen(mark, directory);
                if (wait is null)
                    break;
                _loop.Flush();
                if (await WaitAsync(wait, cancellation) == FsErrno.Ok)
                    continue;
                lock (_core.Gate)
                    _core.Directories.Find(directory)?.Forget(); // It is done, and what is cached may be from before.
                break;
            }
            return result;
        }
        finally
        {
            lock (_core.Gate)
                _core.Session.Forget(mark);
        }
    }

    /// <summary>These calls are no part of the session's order: what this gateway has in flight on the name comes first.</summary>
    private async Task NameIsSettledAsync(InodeId directory, FileName name, CancellationToken cancellation, bool unlessPaused = false)
    {
        TrackedOperation? earlier;
        lock (_core.Gate)
        {
            _core.Operations.TakeInFirst(directory, name);
            earlier = _core.Operations.FindPending(directory, name);
        }
        if (earlier is null || (unlessPaused && earlier.IsHeldBack))
            return;
        _loop.Flush();
        await earlier.Completion.WaitAsync(cancellation);
    }
}
