using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Session;

/// <summary>A change that is answered beside the stream is told when the stream has told of it.</summary>
public sealed class ToldMarkTests
{
    private readonly ScriptedMds _mds = new();

    public ToldMarkTests() => _mds.Open();

    [Fact]
    public void Answer_AheadOfItsDeltas_WaitsForTheMarkBehindThem()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.Shared, "a");
        ToldMark mark = _mds.Core.Session.NewMark();
        Task wait = _mds.Core.UntilSeen(mark, Dir)!;
        _mds.Says(Added(Dir, 1, "b", 5));
        Assert.False(wait.IsCompleted);
        _mds.Says(new Told(mark.Token));
        Assert.True(wait.IsCompleted);
        Assert.Null(_mds.Core.UntilSeen(mark, Dir));
        Assert.Equal(["a", "b"], Names(directory));
        Assert.Equal(0, _mds.Core.Session.MarksAwaited);
    }

    [Fact]
    public void Mark_LostWithTheConnection_AnAnswerFromTheNewOneTakesItsPlace()
    {
        ToldMark mark = _mds.Core.Session.NewMark();
        _mds.Reconnect();
        Assert.True(mark.Come.IsCompleted);
        Task wait = _mds.Core.UntilSeen(mark, Dir)!;
        Assert.Same(wait, _mds.Core.UntilSeen(mark, Dir));
        _mds.Says(new Reclaimed());
        Request asked = Assert.Single(_mds.Sent<Request>());
        Assert.Equal(new SettleOperation(Dir), asked.Operation);
        _mds.Says(new Reply(asked.Tid, FsErrno.Ok));
        Assert.True(wait.IsCompleted);
        Assert.Null(_mds.Core.UntilSeen(mark, Dir));
    }

    [Fact]
    public void Session_Ends_NobodyWaitsForEver()
    {
        ToldMark mark = _mds.Core.Session.NewMark();
        _mds.Core.Close();
        Assert.Null(_mds.Core.UntilSeen(mark, Dir));
    }
}
