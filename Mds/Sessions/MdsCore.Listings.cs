using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

// Listings: which of those asked for are opened, and in what order.
internal sealed partial class MdsCore
{
    private readonly List<(MdsSession Session, Request Request, OperationOutcome Outcome)> _opens = [];
    private readonly ListingQueue _listings;
    private volatile bool _hasWaitingListings;

    /// <summary>The end of a listing makes room for another. Read from any thread.</summary>
    public bool HasWaitingListings => _hasWaitingListings;

    /// <summary>Listings that wait for a place, and those under way.</summary>
    public (int Waiting, int Open) Listings => (_listings.Waiting, _listings.Open);

    private void OnCredit(MdsSession session, ReaddirCredit credit)
    {
        if (session.Streams.TryGetValue(credit.Tid, out PageStream? stream))
        {
            stream.AddCredits(credit.Credits, credit.Waited);
            if (credit.Waited > 0)
                _pump.Hurry(stream);
        }
        else if (credit.Waited > 0)
        {
            _listings.Hurry(session, credit.Tid);
        }
    }

    /// <summary>Answered in any case, once: by the stream's end, or here when it has not begun.</summary>
    private void OnCancel(MdsSession session, ReaddirCancel cancel)
    {
        if (session.Streams.Remove(cancel.Tid, out PageStream? stream))
        {
            stream.Cancel();
            _pump.Hurry(stream);
        }
        else if (_listings.Remove(session, cancel.Tid) is { } request)
        {
            InodeId dir = ((ReaddirOperation)request.Operation).Dir;
            session.Answer(Describe(dir) is { } now
                ? new Reply(cancel.Tid, FsErrno.Ok) { Version = now.Version, Attributes = [now.Attributes] }
                : new Reply(cancel.Tid, FsErrno.Stale));
        }
    }

    /// <summary>Between groups: the snapshot that a stream reads is exactly the committed state.</summary>
    private void OpenStreams()
    {
        foreach ((MdsSession session, Request request, _) in _opens)
        {
            if (session.Link is null)
                continue; // It will ask again.
            OrItsErrno(session, request, () => Line(session, request));
        }
        _opens.Clear();
        _hasWaitingListings = !_listings.IsEmpty; // Before the look at who has ended: whoever ends after it tells.
        while (_listings.TryTake(out MdsSession next, out Request asked, out PageStream? instead))
        {
            if (instead is not null)
            {
                Counters.ListingsCutShort++;
                instead.Cancel();
                _pump.Hurry(instead);
            }
            OrItsErrno(next, asked, () => OpenStream(next, asked));
        }
        _hasWaitingListings = !_listings.IsEmpty;
    }

    private void Line(MdsSession session, Request request)
    {
        ReaddirOperation operation = (ReaddirOperation)request.Operation;
        if (Describe(operation.Dir) is not { } now)
            session.Answer(new Reply(request.Tid, FsErrno.Stale)); // Removed later in the group.
        else if (operation.Credits <= 0 || operation.IfVersion == now.Version)
            session.Answer(new Reply(request.Tid, FsErrno.Ok) { Version = now.Version, Attributes = [now.Attributes] });
        else
            _listings.Add(session, request);
    }

    /// <summary>Of a store that cannot be read.</summary>
    private static void OrItsErrno(MdsSession session, Request request, Action step)
    {
        try
        {
            step();
        }
        catch (StoreException e)
        {
            session.Answer(new Reply(request.Tid, e.Errno));
        }
    }

    private void OpenStream(MdsSession session, Request request)
    {
        ReaddirOperation operation = (ReaddirOperation)request.Operation;
        session.ParkedListings.Remove(request.Tid, out TimeSpan parked);
        if (session.Link is not { } link)
            return;
        if (Describe(operation.Dir) is not { } now)
        {
            session.Answer(new Reply(request.Tid, FsErrno.Stale)); // Removed while it waited.
            return;
        }
        FsErrno errno = _engine.OpenPages(operation.Dir, operation.After, operation.Rank, out PageReader? reader);
        if (errno != FsErrno.Ok || reader is null)
        {
            session.Answer(new Reply(request.Tid, errno));
            return;
        }
        PageStream stream = new(request.Tid, link, reader, now.Attributes, operation.Credits, operation.Waited) { Parked = parked };
        ForgetEndedStreams(session);
        session.Streams[request.Tid] = stream;
        _listings.Opened(session, stream);
        Counters.MostListings = Math.Max(Counters.MostListings, _listings.Open);
        session.Flush(); // The grant goes ahead of the pages.
        _pump.Start(stream);
    }

    private static void ForgetEndedStreams(MdsSession session)
    {
        foreach ((long tid, PageStream stream) in session.Streams)
        {
            if (stream.IsEnded)
                session.Streams.Remove(tid);
        }
    }
}
