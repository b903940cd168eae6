using System.Threading.Channels;
using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Walks;

/// <summary>
/// Reads whole trees, many directories at a time. A directory whose listing is cached and fresh costs no request; of the others pages are
/// asked for, so many that a far server is kept busy and so few that a listing which somebody waits for is not held up: while there is one, the walk all but stops.
/// Symlinks are entries like others and never followed; a directory is read once, so that no rename under way can lead in a circle.
/// Permissions are the caller's: the MDS checks each listing, and what is cached is checked here.
/// One loop reads; whoever derives is told by it, off the gateway's lock.
/// </summary>
internal abstract class TreeWalk(GatewayCore core, Action flush, Caller caller)
{
    private const int MaxListings = 64;
    private const int ListingsWhileOthersWait = 2;

    /// <summary>Entries on their way, at most: about a megabyte of pages that a listing may have to wait behind.</summary>
    private const int MaxEntries = 16_384;

    private const int MaxPages = 8;

    /// <summary>Directories known and not begun, beyond which no listing goes on: deep before wide.</summary>
    private const int MaxFrontier = 16_384;

    private static readonly TimeSpan YieldFor = TimeSpan.FromMilliseconds(20);

    // Bounded by the listings under way; written under the gateway's lock, read by the loop.
    private readonly Channel<WalkMail> _mail = Channel.CreateUnbounded<WalkMail>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Stack<WalkNode> _fresh = [];
    private readonly Stack<WalkNode> _begun = [];
    private readonly Queue<(WalkNode Node, List<CachedPage> Pages, PageHeader Header)> _cached = [];
    private readonly HashSet<InodeId> _seen = [];
    private int _listing;
    private long _expected;

    protected GatewayCore Core => core;

    protected Caller Caller => caller;

    protected CancellationToken Stopped => _stop.Token;

    /// <summary>Adds a directory to begin with. Before the walk starts.</summary>
    protected void Add(WalkNode root)
    {
        if (_seen.Add(root.Ino))
            _fresh.Push(root);
    }

    public void Start() => Task.Run(RunAsync);

    public void Post(WalkMail mail) => _mail.Writer.TryWrite(mail);

    protected void Stop() => _stop.Cancel();

    /// <summary>What a page of a directory has; directories among its entries are walked by themselves.</summary>
    protected abstract void OnPage(WalkNode directory, DirectoryPage page);

    protected abstract void OnUnreadable(WalkNode directory, FsErrno errno);

    /// <summary>A directory in one that is walked, before the page that it is in is told of.</summary>
    protected virtual void OnFound(WalkNode directory)
    {
    }

    /// <summary>The directory and all that is under it has been read, or could not be.</summary>
    protected virtual void OnLeft(WalkNode directory)
    {
    }

    /// <summary>The end, whatever it is. Called once.</summary>
    protected abstract void OnEnded(bool isComplete);

    /// <summary>Asked before more is begun: who has enough to do with what has come makes the walk wait.</summary>
    protected virtual ValueTask WhenReadyAsync() => ValueTask.CompletedTask;

    private async Task RunAsync()
    {
        bool isComplete = false;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await WhenReadyAsync().ConfigureAwait(false);
                bool isHeld = Begin();
                flush();
                while (_cached.TryDequeue(out var cached))
                    TakeCached(cached.Node, cached.Pages, cached.Header);
                while (_mail.Reader.TryRead(out WalkMail mail))
                    Take(mail);
                if (_fresh.Count + _begun.Count + _listing == 0)
                {
                    isComplete = true;
                    return;
                }
                if (_listing > 0)
                    Take(await _mail.Reader.ReadAsync(_stop.Token).ConfigureAwait(false));
                else if (isHeld)
                    await Task.Delay(YieldFor, core.Time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
        finally
        {
            _mail.Writer.TryComplete();
            OnEnded(isComplete);
        }
    }

    /// <summary>Begins as many listings as the bounds allow. True: others wait for theirs, so that not all were begun that could be.</summary>
    private bool Begin()
    {
        lock (core.Gate)
        {
            bool othersWait = core.Directories.Waiting > 0;
            int listings = othersWait ? ListingsWhileOthersWait : MaxListings;
            while (_listing < listings && _cached.Count < listings && (_expected < MaxEntries || _listing == 0) && Next() is { } node)
                Begin(node);
            return othersWait;
        }
    }

    private WalkNode? Next() =>
        _begun.Count > 0 && _fresh.Count < MaxFrontier ? _begun.Pop()
        : _fresh.TryPop(out WalkNode? fresh) ? fresh
        : _begun.TryPop(out WalkNode? begun) ? begun
        : null;

    private void Begin(WalkNode node)
    {
        DirectoryState state = core.Directories.GetOrAdd(node.Ino);
        if (node.After.IsEmpty && state is { IsComplete: true, Attributes: { } attributes } && core.Directories.IsFresh(state) && attributes.Allows(caller, Access.Read))
        {
            _cached.Enqueue((node, state.Snapshot(), new PageHeader(core.Session.Epoch, state.Ino, state.Version, 0, state.Total, false)));
            return;
        }
        long left = Math.Max(1, state.IsKnown ? state.Total : node.Attributes.Size);
        int pages = (int)Math.Clamp((left / DirectoryPageBuilder.MaxEntries) + 1, 1, MaxPages);
        node.Reserved = Math.Min(left, (long)pages * DirectoryPageBuilder.MaxEntries);
        _expected += node.Reserved;
        _listing++;
        core.Directories.Follow(state, caller, node.After, pages, node, yields: true);
    }

    private void TakeCached(WalkNode node, List<CachedPage> pages, PageHeader header)
    {
        foreach (DirectoryPage page in pages.SelectMany(p => p.Pages(header)))
        {
            if (_stop.IsCancellationRequested)
                return;
            Take(node, page);
        }
        Close(node);
    }

    private void Take(WalkMail mail)
    {
        WalkNode node = mail.Node;
        if (mail.Page is { } page)
        {
            node.IsAtEnd |= page.Header.Last;
            if (page.Count > 0)
                node.After = page.Name(page.Count - 1);
            Take(node, page);
            return;
        }
        _listing--;
        _expected -= node.Reserved;
        if (mail.Errno == FsErrno.Ok && !node.IsAtEnd)
        {
            _begun.Push(node);
            return;
        }
        // What has gone since it was seen is not there to be read.
        if (mail.Errno is not (FsErrno.Ok or FsErrno.NoEntry or FsErrno.Stale or FsErrno.NotDirectory))
            OnUnreadable(node, mail.Errno);
        Close(node);
    }

    private void Take(WalkNode node, DirectoryPage page)
    {
        bool mayEnter = node.Attributes.Allows(caller, Access.Execute);
        for (int i = 0; i < page.Count; i++)
        {
            PageRow row = page.Row(i);
            if ((FileKind)(row.Mode >> 12) != FileKind.Directory || !_seen.Add(row.Ino))
                continue;
            WalkNode child = new(this, node, page.Name(i), row.ToAttributes());
            node.Open++;
            OnFound(child);
            if (mayEnter)
            {
                _fresh.Push(child);
                continue;
            }
            OnUnreadable(child, FsErrno.AccessDenied);
            Close(child);
        }
        OnPage(node, page);
    }

    private void Close(WalkNode node)
    {
        for (WalkNode? at = node; at is not null && --at.Open == 0; at = at.Parent)
            OnLeft(at);
    }
}
