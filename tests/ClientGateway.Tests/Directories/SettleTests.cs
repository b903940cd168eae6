using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Directories;

/// <summary>Strict mode: what a reader has seen is told when every other holder has it.</summary>
public sealed class SettleTests
{
    private readonly ScriptedMds _mds = new();
    private readonly DirectoryState _directory;

    public SettleTests()
    {
        _mds.Open();
        _directory = _mds.List(Dir, CapBits.Shared, "a", "b");
        _mds.Sent();
    }

    [Fact]
    public void Read_OfWhatOthersHaveToo_WaitsForOneAnswerAndThenForNone()
    {
        Assert.Null(_mds.Core.Directories.Settle(_directory, _directory.Version));
        _mds.Says(Removed("a", 1, isShared: true));
        Task<Reply> first = _mds.Core.Directories.Settle(_directory, _directory.Version)!;
        Assert.Same(first, _mds.Core.Directories.Settle(_directory, _directory.Version));
        Request asked = Assert.Single(_mds.Sent<Request>());
        Assert.Equal(new SettleOperation(Dir), asked.Operation);
        _mds.Says(new Reply(asked.Tid, FsErrno.Ok));
        Assert.True(first.IsCompleted);
        Assert.Null(_mds.Core.Directories.Settle(_directory, _directory.Version));
    }

    [Fact]
    public void Acks_OfDeltas_GoAheadOfTheAckOfARevoke_SoThatWhatItLetsBeSeenIsSettled()
    {
        _mds.Says(Removed("a", 1, isShared: true), _mds.Revoke(Dir, CapBits.None));
        Assert.Collection(_mds.Sent(), m => Assert.Equal(new DeltaAck(Dir, new DirectoryVersion(2)), m), m => Assert.IsType<CapAck>(m));
    }

    [Fact]
    public void Read_WhileChangesKeepComing_WaitsForWhatItSawAndNoLonger()
    {
        _mds.Says(Removed("a", 1, isShared: true));
        DirectoryVersion seen = _directory.Version;
        _mds.Core.Directories.Settle(_directory, seen);
        Request asked = Assert.Single(_mds.Sent<Request>());
        _mds.Says(Removed("b", 2, isShared: true), new Reply(asked.Tid, FsErrno.Ok));
        Assert.Null(_mds.Core.Directories.Settle(_directory, seen));
        Assert.NotNull(_mds.Core.Directories.Settle(_directory, _directory.Version));
    }

    [Fact]
    public void Change_ThatNobodyElseHolds_IsSettledAtOnce()
    {
        _mds.Says(Removed("a", 1, isShared: false));
        Assert.Null(_mds.Core.Directories.Settle(_directory, _directory.Version));
    }

    [Fact]
    public void Acks_OfAMail_AreOneADirectory()
    {
        _mds.Says(Removed("a", 1, isShared: true), Removed("b", 2, isShared: true));
        Assert.Equal([new DeltaAck(Dir, new DirectoryVersion(3))], _mds.Sent<DeltaAck>());
    }

    [Fact]
    public void WithoutStrictDeltas_NothingIsAckedAndNothingWaits()
    {
        ScriptedMds mds = new(new GatewayOptions { StrictDeltas = false });
        mds.Open();
        DirectoryState directory = mds.List(Dir, CapBits.Shared, "a", "b");
        mds.Sent();
        mds.Says(Removed("a", 1, isShared: true));
        Assert.Null(mds.Core.Directories.Settle(directory, directory.Version));
        Assert.Empty(mds.Sent());
    }

    private static DirectoryDelta Removed(string name, long from, bool isShared) =>
        new(Dir, new DirectoryVersion(from), new DirectoryVersion(from + 1), DeltaKind.Removed, Name(name), null) { IsShared = isShared };
}
