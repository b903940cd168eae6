using Capstan.Mds.Sessions;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests;

/// <summary>A gateway as the MDS sees it; every call is a group of its own.</summary>
internal sealed class Peer
{
    private readonly MdsFixture _mds;
    private readonly string _name;
    private Link _link = new();
    private long _nextTid = 1;

    public Peer(MdsFixture mds, string name)
    {
        _mds = mds;
        _name = name;
        Connect(SessionId.None);
        Say(new Reclaim([]));
        Take();
    }

    public MdsSession Session { get; private set; } = null!;

    public bool IsClosed => _link.IsClosed;

    public ISessionLink CurrentLink => _link;

    /// <summary>A new connection; leaves SessionOpened to be read.</summary>
    public SessionOpened Connect(SessionId id)
    {
        _link = new Link();
        _mds.Group(() => Session = _mds.Core.Open(_link, new SessionOpen(id, _name, SessionOpen.CurrentProtocol, StrictDeltas: true)));
        return Assert.Single(Take<SessionOpened>());
    }

    public void Disconnect() => _mds.Group(() => _mds.Core.Disconnected(Session, _link));

    public void Say(params ClientMessage[] messages) => _mds.Group(() => SayInGroup(messages));

    public void SayInGroup(params ClientMessage[] messages)
    {
        foreach (ClientMessage message in messages)
            _mds.Core.Receive(Session, _link, message);
    }

    public Request NewRequest(FsOperation operation) => new(_nextTid++, 1, false, Caller.Root, operation);

    public Request Ask(FsOperation operation)
    {
        Request request = NewRequest(operation);
        Say(request);
        return request;
    }

    public Request List(InodeId dir)
    {
        Request request = Ask(new ReaddirOperation(dir) { Credits = 4, Want = CapBits.All });
        _mds.RunPages();
        return request;
    }

    /// <summary>A listing whose grant, pages and reply are taken; answers with the bits held.</summary>
    public CapBits Listed(InodeId dir)
    {
        List(dir);
        return Take<CapGrant>().LastOrDefault(g => g.Ino == dir)?.Bits ?? CapBits.None;
    }

    /// <summary>Everything received since the last look.</summary>
    public List<ServerMessage> Take()
    {
        List<ServerMessage> received = [.. _link.Received];
        _link.Received.Clear();
        return received;
    }

    public List<T> Take<T>()
        where T : ServerMessage => [.. Take().OfType<T>()];

    public FsErrno? ErrnoOf(Request request) => Take<Reply>().SingleOrDefault(r => r.Tid == request.Tid)?.Errno;

    public static UnlinkOperation Unlink(InodeId dir, string name) => new(dir, FileName.Create(name), InodeId.None);

    public static CreateOperation Create(InodeId dir, string name) => new(dir, FileName.Create(name), 0x1A4, true);

    private sealed class Link : ISessionLink
    {
        public List<ServerMessage> Received { get; } = [];

        public bool IsClosed { get; private set; }

        public void Send(IReadOnlyList<ServerMessage> messages)
        {
            if (!IsClosed)
                Received.AddRange(messages);
        }

        public void Close(string reason) => IsClosed = true;
    }
}
