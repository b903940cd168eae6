using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.Mds.Tests.Peer;

namespace Capstan.Mds.Tests.Sessions;

/// <summary>The MDS's own work in a group whose parts the store refuses: done once, or refused.</summary>
public sealed class ErrandTests : IDisposable
{
    private readonly MdsFixture _mds = new();
    private readonly InodeId _dir;

    public ErrandTests() => _dir = _mds.Make("d");

    private Errand Making(string name) => new((_, engine) =>
    {
        engine.Apply(Caller.Root, Create(_dir, name));
        return true;
    });

    private long Version => _mds.Engine.VersionOf(_dir).Value;

    private void Group(Action first, params Errand[] errands)
    {
        _mds.Group(() =>
        {
            first();
            foreach (Errand errand in errands)
                errand.RunIn(_mds.Core, _mds.Engine);
        });
        Errand.Conclude(errands, _mds.Core, _mds.Engine);
    }

    [Fact]
    public void BehindARequestThatIsRefused_IsDoneOnce()
    {
        Peer peer = new(_mds, "a");
        _mds.Store.RefusePut = name => name == FileName.Create("big");
        long before = Version;
        int runs = 0;
        Errand errand = new((_, engine) =>
        {
            runs++;
            return engine.Apply(Caller.Root, Create(_dir, "mine")).IsOk;
        });
        Group(() => peer.SayInGroup(peer.NewRequest(Create(_dir, "big"))), errand);
        Assert.True(errand.Done.IsCompletedSuccessfully);
        Assert.Equal((1, before + 1), (runs, Version));
    }

    [Fact]
    public void BesideOneThatIsRefused_IsDoneOnce_AndTheOtherFailsWithTheErrno()
    {
        _mds.Store.RefusePut = name => name == FileName.Create("big");
        long before = Version;
        Errand first = Making("one"), refused = Making("big"), last = Making("two");
        Group(() => { }, first, refused, last);
        Assert.True(first.Done.IsCompletedSuccessfully && last.Done.IsCompletedSuccessfully);
        Assert.Equal(FsErrno.NoSpace, Assert.IsType<StoreException>(refused.Done.Exception!.InnerException).Errno);
        Assert.Equal(before + 2, Version);
    }

    [Fact]
    public void CommitRefused_EachIsDoneByItself()
    {
        int commits = 0;
        _mds.Store.RefuseCommit = () => commits++ == 0;
        long before = Version;
        Errand one = Making("one"), two = Making("two");
        Group(() => { }, one, two);
        Assert.True(one.Done.IsCompletedSuccessfully && two.Done.IsCompletedSuccessfully);
        Assert.Equal(before + 2, Version);
    }

    public void Dispose() => _mds.Dispose();
}
