using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Microsoft.Extensions.Logging;

namespace Capstan.Mds.Hosting;

/// <summary>
/// Reads pages on the thread pool, a few streams at a time: first those somebody waits for, then what is read ahead, each in turns and no faster than its connection
/// takes them.
/// </summary>
internal sealed partial class PagePump : IPagePump
{
    /// <summary>Pages that a stream reads before another one gets its turn.</summary>
    private const int Turn = 4;

    private static readonly int MostAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly ILogger<PagePump> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<PageStream, Place> _places = [];
    private readonly List<Place> _blocked = [];

    // A place that has been hurried stands in both: the ticket tells which one counts.
    private readonly Queue<(Place Place, int Ticket)> _waitedFor = [];
    private readonly Queue<(Place Place, int Ticket)> _ahead = [];
    private int _working;

    public PagePump(PageRoom room, ILogger<PagePump> logger)
    {
        _logger = logger;
        room.Freed = Unblock;
    }

    /// <summary>Told when a stream has ended, on any thread: its place is free.</summary>
    public Action? Ended { get; set; }

    private enum PlaceState
    {
        Queued,
        Running,

        /// <summary>Until its connection has taken some of what it has.</summary>
        Blocked,
    }

    private sealed class Place(PageStream stream)
    {
        public PageStream Stream => stream;

        public PlaceState State { get; set; }

        public int Ticket { get; set; }
    }

    public void Start(PageStream stream)
    {
        lock (_gate)
        {
            Place place = new(stream);
            _places.Add(stream, place);
            Enqueue(place);
        }
    }

    public void Hurry(PageStream stream)
    {
        lock (_gate)
        {
            if (_places.TryGetValue(stream, out Place? place) && place.State != PlaceState.Running)
                Enqueue(place, isUrgent: true);
        }
    }

    private void Unblock()
    {
        lock (_gate)
        {
            foreach (Place place in _blocked.ToArray())
            {
                if (HasRoom(place.Stream))
                    Enqueue(place);
            }
        }
    }

    private static bool HasRoom(PageStream stream) => stream.IsAtEnd || ((SessionLink)stream.Link).HasRoom(stream.IsWaitedFor);

    /// <summary>Under the lock.</summary>
    private void Enqueue(Place place, bool isUrgent = false)
    {
        if (place.State == PlaceState.Blocked)
            _blocked.Remove(place);
        place.State = PlaceState.Queued;
        (isUrgent || place.Stream.IsWaitedFor ? _waitedFor : _ahead).Enqueue((place, ++place.Ticket));
        if (_working < MostAtOnce)
        {
            _working++;
            ThreadPool.UnsafeQueueUserWorkItem(static pump => pump.Work(), this, preferLocal: false);
        }
    }

    private bool TryTake(out Place place)
    {
        foreach (Queue<(Place Place, int Ticket)> queue in (ReadOnlySpan<Queue<(Place, int)>>)[_waitedFor, _ahead])
        {
            while (queue.TryDequeue(out (Place Place, int Ticket) next))
            {
                place = next.Place;
                if (place.State != PlaceState.Queued || place.Ticket != next.Ticket)
                    continue;
                place.State = PlaceState.Running;
                return true;
            }
        }
        place = null!;
        return false;
    }

    /// <summary>One turn of one stream; then the pool's other work has its turn.</summary>
    private void Work()
    {
        Place place;
        lock (_gate)
        {
            if (!TryTake(out place))
            {
                _working--;
                return;
            }
        }
        bool more = RunTurn(place.Stream);
        lock (_gate)
        {
            if (!more)
                _places.Remove(place.Stream);
            else if (HasRoom(place.Stream))
                Enqueue(place);
            else
                Block(place);
        }
        if (!more)
            Ended?.Invoke();
        ThreadPool.UnsafeQueueUserWorkItem(static pump => pump.Work(), this, preferLocal: false);
    }

    private void Block(Place place)
    {
        place.State = PlaceState.Blocked;
        _blocked.Add(place);
        // Its connection may have taken the last of it just before.
        if (HasRoom(place.Stream))
            Enqueue(place);
    }

    /// <summary>False when the stream has ended.</summary>
    private bool RunTurn(PageStream stream)
    {
        try
        {
            for (int i = 0; i < Turn && HasRoom(stream); i++)
            {
                if (!stream.Step())
                    return false;
            }
            return true;
        }
        catch (StoreException e)
        {
            LogFailed(e);
            stream.Fail(e.Errno);
        }
        catch (Exception e)
        {
            LogFailed(e);
            stream.Fail(FsErrno.Io);
        }
        return false;
    }

    [LoggerMessage(1201, LogLevel.Error, "Reading pages of a directory failed.")]
    private partial void LogFailed(Exception e);
}
