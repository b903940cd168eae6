using Capstan.Mds.Hosting;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Mds.Tests.Hosting;

public sealed class SessionLinkTests
{
    private readonly PageRoom _room = new();

    [Fact]
    public async Task PageThatIsWaitedFor_OvertakesPagesOfOtherListings_AndNothingElse()
    {
        SessionLink link = new(TimeProvider.System, _room);
        link.SendPage(Page(1), false);
        link.Send([new Reply(7, FsErrno.Ok)]);
        link.SendPage(Page(1), false);
        link.SendPage(Page(2), false);
        link.SendPage(Page(1), false);
        link.SendPage(Page(3), true);
        link.SendPage(Page(3), true); // not its own
        link.SendPage(Page(2), true);
        link.Send([new Reply(3, FsErrno.Ok)]);
        link.SendPage(Page(4), true);
        link.Close("done");
        Collector sent = new();
        await link.WriteAsync(sent, TestContext.Current.CancellationToken);
        Assert.Equal(["page 1", "reply 7", "page 3", "page 3", "page 1", "page 2", "page 2", "page 1", "reply 3", "page 4"], sent.Messages);
    }

    [Fact]
    public void Room_IsSharedAmongConnections_AndLeavesSomeForWhatIsWaitedFor()
    {
        long alone = _room.Share;
        SessionLink[] links = [.. Enumerable.Range(0, 100).Select(_ => new SessionLink(TimeProvider.System, _room))];
        Assert.True(_room.Share < alone);
        while (links[0].HasRoom(isWaitedFor: false))
            links[0].SendPage(Page(1, 20_000), false);
        Assert.True(links[0].HasRoom(isWaitedFor: true));
        Assert.True(links[1].HasRoom(isWaitedFor: false));
        foreach (SessionLink link in links)
            link.Close("done");
        Assert.Equal(alone, _room.Share);
    }

    private static PageMessage Page(long tid, int bytes = 10) => new(tid, new byte[bytes]);

    private sealed class Collector : IServerStreamWriter<Protos.ServerFrame>
    {
        public List<string> Messages { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(Protos.ServerFrame message) => WriteAsync(message, default);

        public Task WriteAsync(Protos.ServerFrame message, CancellationToken cancellationToken)
        {
            foreach (ServerMessage decoded in ServerMessageCodec.Decode(message))
                Messages.Add(decoded is PageMessage page ? $"page {page.Tid}" : decoded is Reply reply ? $"reply {reply.Tid}" : decoded is ReplyRun run ? $"reply {run.FirstTid}" : "?");
            return Task.CompletedTask;
        }
    }
}
