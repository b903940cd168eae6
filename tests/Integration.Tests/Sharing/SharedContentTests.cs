using Capstan.ClientGateway;
using Capstan.Shared;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>Contents are written beside the session's stream; who writes and who looks on see no difference.</summary>
public sealed class SharedContentTests
{
    [Fact]
    public async Task Content_WrittenWhereAnotherLooks_IsInBothListingsWhenItsWriterIsTold()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient writer = (await rig.GatewayAsync()).Client, other = (await rig.GatewayAsync()).Client;
        InodeId dir = await writer.FillAsync("d", 3);
        using IDirectoryView own = (await writer.OpenDirectoryAsync(Caller.Root, dir, whole: true).Soon()).Ok();
        using IDirectoryView others = (await other.OpenDirectoryAsync(Caller.Root, dir, whole: true).Soon()).Ok();
        await own.ListAsync();
        await others.ListAsync();
        for (int i = 1; i <= 50; i++)
        {
            byte[] content = new byte[i];
            await writer.CreateFileWithContentAsync(Caller.Root, dir, $"new-{i:D2}".Name(), 0x1A4, new MemoryStream(content), i).Soon();
            foreach (IDirectoryView view in new[] { own, others })
            {
                Assert.Equal(3 + i, view.Count);
                DirectoryRow last = (await view.ListAsync())[^1];
                Assert.Equal(($"new-{i:D2}", i), (last.Entry.Name.ToString(), (int)last.Entry.Attributes.Size));
            }
        }
    }

    [Fact]
    public async Task Content_WrittenWhereSomebodyDoesNotAck_ItsWriterWaitsForThatOne()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient writer = (await rig.GatewayAsync()).Client;
        InodeId dir = await writer.FillAsync("d", 1);
        await using RawSession slow = await RawSession.OpenAsync(rig.Address, strict: true);
        await slow.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.Shared });
        Task<FsResult<InodeAttributes>> writing = writer.CreateFileWithContentAsync(Caller.Root, dir, "new".Name(), 0x1A4, new MemoryStream(new byte[9]), 9);
        Protos.DirectoryDelta delta = (await slow.ReceiveAsync(m => m.DirectoryDelta is { } d && d.Dir == dir.Value && d.Name.ToStringUtf8() == "new", "the delta")).DirectoryDelta;
        Assert.False(writing.IsCompleted);
        await slow.SendAsync(new Protos.ClientMessage { DeltaAck = new Protos.DeltaAck { Dir = dir.Value, Version = delta.To } });
        Assert.Equal(9, (await writing.Soon()).Ok().Size);
    }
}
