using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

/// <summary>
/// One readdir under way: reads pages from a pinned snapshot while it has credits. It ends, and lets go of the
/// snapshot, with the directory or the credits, or sooner when others wait for its place; a reader that wants more asks again from where it was. Thread-safe.
/// </summary>
internal sealed class PageStream(long tid, ISessionLink link, PageReader reader, InodeAttributes directory, int credits, int waited = 0) : IDisposable
{
    public const int MaxCredits = 512;

    /// <summary>How long the request had waited for caps.</summary>
    public TimeSpan Parked { get; init; }

    private RequestTimes? Times => Parked > TimeSpan.Zero ? new RequestTimes { Parked = Parked } : null;

    private readonly Lock _gate = new();
    private int _credits = Math.Clamp(credits, 0, MaxCredits);
    private int _waited = Math.Clamp(waited, 0, MaxCredits);
    private bool _isEnded;

    public long Tid => tid;

    public ISessionLink Link => link;

    public bool IsEnded
    {
        get
        {
            lock (_gate)
                return _isEnded;
        }
    }

    /// <summary>Somebody waits for its next page; otherwise what it brings is read ahead.</summary>
    public bool IsWaitedFor
    {
        get
        {
            lock (_gate)
                return !_isEnded && _waited > 0 && _credits > 0;
        }
    }

    /// <summary>Its next step is its end, and needs no room for a page.</summary>
    public bool IsAtEnd
    {
        get
        {
            lock (_gate)
                return _isEnded || _credits <= 0;
        }
    }

    public void AddCredits(int credits, int waited)
    {
        lock (_gate)
        {
            _credits = _credits < 0 ? _credits : Math.Min(MaxCredits, _credits + Math.Clamp(credits, 0, MaxCredits));
            _waited = Math.Max(_waited, Math.Clamp(waited, 0, MaxCredits));
        }
    }

    /// <summary>No further page: it ends with its next step.</summary>
    public void Cancel()
    {
        lock (_gate)
            _credits = -1;
    }

    /// <summary>Reads and sends the next page. False when the stream has ended, and its reply is sent.</summary>
    public bool Step()
    {
        bool isWaitedFor;
        lock (_gate)
        {
            if (_isEnded)
                return false;
            if (_credits-- <= 0)
                return End();
            isWaitedFor = _waited > 0;
            _waited = Math.Max(0, _waited - 1);
        }
        if (reader.TryReadNext(out byte[] page))
        {
            link.SendPage(new PageMessage(tid, page), isWaitedFor);
            return true;
        }
        lock (_gate)
            return End();
    }

    public void Fail(FsErrno errno)
    {
        lock (_gate)
        {
            if (_isEnded)
                return;
            _isEnded = true;
        }
        link.Send([new Reply(tid, errno) { Times = Times }]);
        Dispose();
    }

    public void Dispose() => reader.Dispose();

    private bool End()
    {
        _isEnded = true;
        link.Send([new Reply(tid, FsErrno.Ok) { Version = reader.Version, Attributes = [directory], Times = Times }]);
        Dispose();
        return false;
    }
}
