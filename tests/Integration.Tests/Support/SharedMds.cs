using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>
/// One MDS process for all tests of a class that throw bad input at it. <see cref="AssertAliveAsync"/> shows after each that the
/// server and another session, which was there all the time, go on as before.
/// </summary>
public sealed class SharedMds : IAsyncLifetime
{
    private int _made;

    internal MdsUnderTest Mds { get; private set; } = null!;

    internal Gateway Bystander { get; private set; } = null!;

    internal string Address => Mds.Address;

    public async ValueTask InitializeAsync()
    {
        Mds = await MdsUnderTest.StartAsync();
        Bystander = await Mds.GatewayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Mds.StopAndCheckAsync();
        }
        finally
        {
            await Mds.DisposeAsync();
        }
    }

    /// <summary>A directory of a test's own under the root.</summary>
    internal async Task<InodeId> DirectoryAsync(uint permissions = 0x1FF, Caller? owner = null)
    {
        FileName name = $"dir-{Interlocked.Increment(ref _made)}".Name();
        InodeId ino = (await Bystander.Client.MakeDirectory(Caller.Root, InodeId.Root, name, permissions).Ok()).Ino;
        if (owner is not null)
            (await Bystander.Client.SetAttributesAsync(Caller.Root, new SetAttrOperation(new InodeAddress(InodeId.Root, name, ino)) { Uid = owner.Uid, Gid = owner.Gid }).Soon()).Ok();
        return ino;
    }

    internal async Task AssertAliveAsync(RawSession? same = null)
    {
        Assert.Equal(SessionState.Open, Bystander.Client.Snapshot().Session.State);
        await Bystander.Client.CreateFile(Caller.Root, InodeId.Root, $"alive-{Interlocked.Increment(ref _made)}".Name(), 0x1A4).Ok();
        if (same is null)
            return;
        Protos.Reply reply = await same.CallAsync(r => r.GetAttr = new Protos.GetAttrOp { Target = new Protos.Address { Ino = 1 } });
        Assert.Equal((0, 1ul), (reply.Errno, reply.Attributes[0].Ino));
    }
}
