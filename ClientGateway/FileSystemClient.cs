using System.Diagnostics;
using Capstan.ClientGateway.Administration;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Session;
using Capstan.ClientGateway.Views;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Microsoft.Extensions.Logging;

namespace Capstan.ClientGateway;

/// <summary>The gateway's public face: awaits what the rules of <see cref="GatewayCore"/> decide.</summary>
public sealed partial class FileSystemClient : IFileSystemClient
{
    private readonly GatewayCore _core;
    private readonly SessionLoop _loop;
    private readonly ContentClient _content;
    private readonly Arranger _arranger;

    private readonly ILogger _logger;

    internal FileSystemClient(GatewayCore core, SessionLoop loop, ContentClient content, ILogger<FileSystemClient> logger)
    {
        _logger = logger;
        _core = core;
        _loop = loop;
        _content = content;
        _arranger = new Arranger(core, FetchAsync);
        Operations = new OperationLog(core, Resend, Again, UndoAsync);
        core.Operations.Wake = loop.Flush;
    }

    public IOperationLog Operations { get; }

    SessionSnapshot IFileSystemClient.Session
    {
        get
        {
            lock (_core.Gate)
                return GatewayReport.DescribeSession(_core);
        }
    }

    public GatewaySnapshot Snapshot()
    {
        lock (_core.Gate)
            return GatewayReport.Take(_core, withDirectories: true);
    }

    public async Task<FsResult<ResolvedPath>> ResolveAsync(Caller caller, IReadOnlyList<FileName> names, CancellationToken cancellation = default)
    {
        if (names.Count == 0)
            return await ResolveRootAsync(caller, cancellation);
        using Activity? span = GatewayTracing.Begin("resolve", caller);
        PathWalk walk = new(_core, caller, names);
        while (true)
        {
            Task? wait;
            using (_core.Turns.EnterAhead())
                wait = walk.Step();
            if (wait is null)
                return walk.Result!.Value;
            _loop.Flush();
            if (await WaitAsync(wait, cancellation) is var errno and not FsErrno.Ok)
                return errno;
            if (wait is Task<Reply> reply && await reply is { Errno: FsErrno.NotConnected or FsErrno.KeyExpired } lost)
                return lost.Errno;
        }
    }

    public async Task<FsResult<IDirectoryView>> OpenDirectoryAsync(Caller caller, InodeId directory, bool whole = false, CancellationToken cancellation = default)
    {
        using Activity? span = GatewayTracing.Begin("open directory", caller);
        DirectoryView view;
        DirectoryState state;
        RangeWaiter? waiter = null;
        using (_core.Turns.EnterAhead())
        {
            state = _core.Directories.GetOrAdd(directory);
            view = new DirectoryView(_core, this, state, caller);
            if (!_core.Directories.IsFresh(state) || state.FirstMissing(0, 1) >= 0)
                waiter = _core.Directories.Demand(state, caller, 0, 1, whole, whole ? null : view.Readahead);
            else
                _core.Counters.RoundTripsSaved++;
        }
        _loop.Flush();
        bool isOpen = false;
        try
        {
            FsErrno errno = waiter is null ? FsErrno.Ok : await AwaitAsync(state, waiter, cancellation);
            if (errno == FsErrno.Ok && view.MayNotRead)
                errno = FsErrno.AccessDenied;
            isOpen = errno == FsErrno.Ok;
            return isOpen ? FsResult.Of<IDirectoryView>(view) : errno;
        }
        finally
        {
            if (!isOpen)
                view.Dispose();
        }
    }

    public async Task<FsResult<InodeAttributes>> GetAttributesAsync(Caller caller, InodeAddress target, CancellationToken cancellation = default)
    {
        FsResult<Reply> reply = await CallAsync(caller, new GetAttrOperation(target), cancellation);
        return reply.IsOk ? reply.Value.Attributes[0] : reply.Errno;
    }

    public async Task<FsResult<InodeAttributes>> SetAttributesAsync(Caller caller, SetAttrOperation change, CancellationToken cancellation = default)
    {
        FsResult<InodeAttributes?> outcome = await Submit(OperationKind.SetAttributes, caller, change, change.Target.Dir, change.Target.Name).Completion.WaitAsync(cancellation);
        return outcome.IsOk ? outcome.Value : outcome.Errno;
    }

    public async Task<FsResult<byte[]>> ReadLinkAsync(Caller caller, InodeAddress target, CancellationToken cancellation = default)
    {
        FsResult<Reply> reply = await CallAsync(caller, new ReadlinkOperation(target), cancellation);
        return reply.IsOk ? reply.Value.Data : reply.Errno;
    }

    public async Task<FsResult<FileSystemStatistics>> StatFsAsync(Caller caller, CancellationToken cancellation = default)
    {
        FsResult<Reply> reply = await CallAsync(caller, new StatFsOperation(), cancellation);
        return reply.IsOk ? reply.Value.Statistics! : reply.Errno;
    }

    public async Task<FsResult<IReadOnlyList<byte[]>>> ListXattrsAsync(Caller caller, InodeAddress target, CancellationToken cancellation = default)
    {
        if (HasNoXattrs(target))
            return Array.Empty<byte[]>();
        FsResult<Reply> reply = await CallAsync(caller, new ListXattrOperation(target), cancellation);
        return reply.IsOk ? FsResult.Of(reply.Value.Names) : reply.Errno;
    }

    public async Task<FsResult<byte[]>> GetXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation = default)
    {
        if (HasNoXattrs(target))
            return FsErrno.NoData;
        FsResult<Reply> reply = await CallAsync(caller, new GetXattrOperation(target, name), cancellation);
        return reply.IsOk ? reply.Value.Data : reply.Errno;
    }

    public Task<FsErrno> SetXattrAsync(Caller caller, InodeAddress target, byte[] name, byte[] value, XattrMode mode, CancellationToken cancellation = default) =>
        ChangeXattrAsync(OperationKind.SetXattr, caller, new SetXattrOperation(target, name, value, mode), target, cancellation);

    public Task<FsErrno> RemoveXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation = default) =>
        ChangeXattrAsync(OperationKind.RemoveXattr, caller, new RemoveXattrOperation(target, name), target, cancellation);

    public async Task<(FsErrno Errno, long ErrorSequence)> FlushDirectoryAsync(InodeId directory, long observedErrors, CancellationToken cancellation = default)
    {
        Task[] pending;
        lock (_core.Gate)
            pending = [.. _core.Operations.OutsideOf(directory).Select(job => job.TakenIn)];
        await Task.WhenAll(pending).WaitAsync(cancellation);
        lock (_core.Gate)
            pending = [.. _core.Operations.Live(directory).Select(o => o.Completion)];
        await Task.WhenAll(pending).WaitAsync(cancellation);
        lock (_core.Gate)
        {
            long sequence = _core.Operations.ErrorSequence(directory);
            return (sequence > observedErrors ? _core.Operations.LastError(directory) : FsErrno.Ok, sequence);
        }
    }

    internal async Task<FsErrno> AwaitAsync(DirectoryState state, RangeWaiter waiter, CancellationToken cancellation)
    {
        try
        {
            FsErrno errno = await WaitAsync(waiter.Done, cancellation);
            return errno == FsErrno.Ok ? await waiter.Done : errno;
        }
        finally
        {
            // Also of one that was cancelled nothing stays behind.
            if (!waiter.Done.IsCompleted)
            {
                lock (_core.Gate)
                    _core.Directories.Abandon(state, waiter);
                _loop.Flush();
            }
        }
    }

    /// <summary>Waits until what a reader has seen is known to every other holder.</summary>
    internal async Task<FsErrno> AwaitSettledAsync(Task<Reply> settled, CancellationToken cancellation) =>
        await WaitAsync(settled, cancellation) is var errno and not FsErrno.Ok ? errno : (await settled).Errno;

    internal void Flush() => _loop.Flush();

    internal ArrangedView Arrange(InodeId directory, Caller caller, ViewSpec spec)
    {
        DirectoryView stored;
        lock (_core.Gate)
            stored = new DirectoryView(_core, this, _core.Directories.GetOrAdd(directory), caller);
        return new ArrangedView(_core, _arranger, stored, caller, spec);
    }

    private Task<FsErrno> FetchAsync(DirectoryState state, RangeWaiter waiter, CancellationToken cancellation)
    {
        _loop.Flush();
        return AwaitAsync(state, waiter, cancellation);
    }

    private async Task<FsResult<ResolvedPath>> ResolveRootAsync(Caller caller, CancellationToken cancellation)
    {
        lock (_core.Gate)
        {
            if (_core.Directories.Find(InodeId.Root) is { Attributes: { } known } root && _core.Directories.IsFresh(root) && _core.Directories.IsSettled(root))
            {
                _core.Counters.AttributeHits++;
                _core.Counters.RoundTripsSaved++;
                return new ResolvedPath(InodeAddress.ByNumber(InodeId.Root), known);
            }
            _core.Counters.AttributeMisses++;
        }
        FsResult<InodeAttributes> attributes = await GetAttributesAsync(caller, InodeAddress.ByNumber(InodeId.Root), cancellation);
        return attributes.IsOk ? new ResolvedPath(InodeAddress.ByNumber(InodeId.Root), attributes.Value) : attributes.Errno;
    }

    private bool HasNoXattrs(InodeAddress target)
    {
        lock (_core.Gate)
        {
            bool none = _core.Entries.HasNoXattrs(target);
            _core.Counters.NegativeXattrHits += none ? 1 : 0;
            _core.Counters.RoundTripsSaved += none ? 1 : 0;
            _core.Counters.NegativeXattrMisses += none ? 0 : 1;
            return none;
        }
    }

    private async Task<FsErrno> ChangeXattrAsync(OperationKind kind, Caller caller, FsOperation change, InodeAddress target, CancellationToken cancellation)
    {
        lock (_core.Gate)
            _core.Entries.XattrChangeStarts(target.Ino);
        Task<FsResult<InodeAttributes?>> completion = Submit(kind, caller, change, target.Dir, target.Name).Completion;
        // Whoever has the answer finds the count known again.
        Task<FsErrno> ended = completion.ContinueWith(
            done =>
            {
                lock (_core.Gate)
                    _core.Entries.XattrChangeEnded(target.Ino);
                return done.Result.Errno;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await ended.WaitAsync(cancellation);
    }

    private async Task<FsResult<Reply>> CallAsync(Caller caller, FsOperation operation, CancellationToken cancellation)
    {
        using Activity? span = GatewayTracing.Begin(OperationName.Of(operation), caller);
        ReadCall call = new();
        long tid;
        lock (_core.Gate)
            tid = _core.Session.Send(caller, operation, call);
        _loop.Flush();
        try
        {
            FsErrno errno = await WaitAsync(call.Reply, cancellation);
            if (errno != FsErrno.Ok)
                return errno;
            Reply reply = await call.Reply;
            return reply.Errno == FsErrno.Ok ? reply : reply.Errno;
        }
        finally
        {
            if (!call.Reply.IsCompleted)
            {
                lock (_core.Gate)
                    _core.Abandon(tid);
            }
        }
    }

    /// <summary>Waits for the MDS no longer than the request timeout: a reader gets words, not a spinner.</summary>
    internal async Task<FsErrno> WaitAsync(Task task, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(_core.Options.RequestTimeout, _core.Time, cancellation);
            return FsErrno.Ok;
        }
        catch (TimeoutException)
        {
            return _core.Session.State == SessionState.Open ? FsErrno.TimedOut : FsErrno.NotConnected;
        }
    }
}
