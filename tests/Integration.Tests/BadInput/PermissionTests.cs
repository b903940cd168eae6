using Capstan.ClientGateway;
using Capstan.Shared;
using Google.Protobuf;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>The MDS refuses whoever lacks the rights, also when no gateway has asked before it.</summary>
public sealed class PermissionTests(SharedMds shared) : IClassFixture<SharedMds>
{
    private static readonly Caller Alice = new(1000, 1000, []);
    private static readonly Protos.Caller Bob = new() { Uid = 1001, Gid = 1001 };
    private static readonly ByteString File = ByteString.CopyFromUtf8("file");
    private static readonly ByteString Fresh = ByteString.CopyFromUtf8("fresh");

    private static Action<Protos.Request>[] Changes(ulong dir, ulong ino)
    {
        Protos.Address target = new() { Dir = dir, Name = File, Ino = ino };
        return
        [
            r => r.Create = new Protos.CreateOp { Dir = dir, Name = Fresh },
            r => r.Mkdir = new Protos.MkdirOp { Dir = dir, Name = Fresh },
            r => r.Symlink = new Protos.SymlinkOp { Dir = dir, Name = Fresh, Target = File },
            r => r.Link = new Protos.LinkOp { Source = target, Dir = dir, Name = Fresh },
            r => r.Unlink = new Protos.UnlinkOp { Dir = dir, Name = File, Ino = ino },
            r => r.Rename = new Protos.RenameOp { Source = target, Dir = dir, Name = Fresh },
        ];
    }

    [Fact]
    public async Task Directory_NotWritable_RefusesEveryChangeOfItsEntries()
    {
        InodeId dir = await shared.DirectoryAsync(Octal("755"), Alice);
        InodeAttributes file = await shared.Bystander.Client.CreateFile(Alice, dir, "file".Name(), Octal("644")).Ok();
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        foreach (Action<Protos.Request> change in Changes(dir.Value, file.Ino.Value))
            Assert.Equal(FsErrno.AccessDenied, (FsErrno)(await session.CallAsync(Bob, change)).Errno);
        Protos.UnlinkRun run = new() { FirstTid = 900, OldestTid = 1, Caller = Bob, Dir = dir.Value, Names = ByteString.CopyFrom([4, .. "file"u8]), Inos = { file.Ino.Value } };
        await session.SendAsync(new Protos.ClientMessage { UnlinkRun = run });
        Assert.Equal(FsErrno.AccessDenied, (FsErrno)(await session.ReplyAsync(900, "a run")).Errno);
        Protos.Address target = new() { Dir = dir.Value, Name = File, Ino = file.Ino.Value };
        Assert.Equal(FsErrno.NotPermitted, (FsErrno)(await session.CallAsync(Bob, r => r.SetAttr = new Protos.SetAttrOp { Target = target, Mode = 0x1FF })).Errno);
        Assert.Equal(FsErrno.NotPermitted, (FsErrno)(await session.CallAsync(Bob, r => r.SetAttr = new Protos.SetAttrOp { Target = target, Uid = 1001 })).Errno);
        Assert.Equal(FsErrno.AccessDenied, (FsErrno)(await session.CallAsync(Bob, r => r.SetAttr = new Protos.SetAttrOp { Target = target, Size = 0 })).Errno);
        Assert.Equal(FsErrno.AccessDenied, (FsErrno)(await session.CallAsync(Bob, r => r.SetXattr = new Protos.SetXattrOp { Target = target, Name = ByteString.CopyFromUtf8("user.x") })).Errno);
        Assert.Equal(["file"], (await shared.Bystander.Client.ListAsync(dir)).Names());
        await shared.AssertAliveAsync(session);
    }

    [Fact]
    public async Task Directory_NotSearchable_RefusesEveryPathThroughIt()
    {
        InodeId dir = await shared.DirectoryAsync(Octal("700"), Alice);
        InodeAttributes file = await shared.Bystander.Client.CreateFile(Alice, dir, "file".Name(), Octal("666")).Ok();
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        Protos.Address target = new() { Dir = dir.Value, Name = File, Ino = file.Ino.Value };
        foreach (Action<Protos.Request> body in (Action<Protos.Request>[])
        [
            .. Changes(dir.Value, file.Ino.Value),
            r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = 511 },
            r => { r.Lookup = new Protos.LookupOp { Dir = dir.Value, Want = 511 }; r.Lookup.Names.Add(File); },
            r => r.GetAttr = new Protos.GetAttrOp { Target = target },
            r => r.ListXattr = new Protos.ListXattrOp { Target = target },
        ])
        {
            Assert.Equal(FsErrno.AccessDenied, (FsErrno)(await session.CallAsync(Bob, body)).Errno);
        }
        Assert.Equal(0, session.Count(m => m.CapGrant is not null || m.DirectoryPage is not null));
        await shared.AssertAliveAsync(session);
    }

    [Fact]
    public async Task Directory_Sticky_LetsOnlyOwnersRemove()
    {
        InodeId dir = await shared.DirectoryAsync(Octal("1777"), Alice);
        InodeAttributes file = await shared.Bystander.Client.CreateFile(Alice, dir, "file".Name(), Octal("666")).Ok();
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        Protos.Address target = new() { Dir = dir.Value, Name = File, Ino = file.Ino.Value };
        Assert.Equal(FsErrno.NotPermitted, (FsErrno)(await session.CallAsync(Bob, r => r.Unlink = new Protos.UnlinkOp { Dir = dir.Value, Name = File, Ino = file.Ino.Value })).Errno);
        Assert.Equal(FsErrno.NotPermitted, (FsErrno)(await session.CallAsync(Bob, r => r.Rename = new Protos.RenameOp { Source = target, Dir = dir.Value, Name = Fresh })).Errno);
        Protos.Reply own = await session.CallAsync(Bob, r => r.Create = new Protos.CreateOp { Dir = dir.Value, Name = Fresh, Mode = Octal("644") });
        Protos.Address mine = new() { Dir = dir.Value, Name = Fresh, Ino = own.Attributes[0].Ino };
        // Over somebody else's file: that would remove it.
        Assert.Equal(FsErrno.NotPermitted, (FsErrno)(await session.CallAsync(Bob, r => r.Rename = new Protos.RenameOp { Source = mine, Dir = dir.Value, Name = File })).Errno);
        Assert.Equal(FsErrno.Ok, (FsErrno)(await session.CallAsync(Bob, r => r.Unlink = new Protos.UnlinkOp { Dir = dir.Value, Name = Fresh })).Errno);
        Assert.Equal(["file"], (await shared.Bystander.Client.ListAsync(dir)).Names());
        await shared.AssertAliveAsync(session);
    }

    [Fact]
    public async Task Caller_Missing_IsNotTakenForRoot()
    {
        InodeId dir = await shared.DirectoryAsync(Octal("777"));
        InodeAttributes file = await shared.Bystander.Client.CreateFile(Caller.Root, dir, "file".Name(), Octal("666")).Ok();
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        foreach (Action<Protos.Request> change in Changes(dir.Value, file.Ino.Value))
            Assert.Equal(FsErrno.Invalid, (FsErrno)(await session.CallAsync(null, change)).Errno);
        Protos.UnlinkRun run = new() { FirstTid = 900, OldestTid = 1, Dir = dir.Value, Names = ByteString.CopyFrom([4, .. "file"u8]), Inos = { file.Ino.Value } };
        await session.SendAsync(new Protos.ClientMessage { UnlinkRun = run });
        Assert.Equal(FsErrno.Invalid, (FsErrno)(await session.ReplyAsync(900, "a run")).Errno);
        Assert.Equal(["file"], (await shared.Bystander.Client.ListAsync(dir)).Names());
        await shared.AssertAliveAsync(session);
    }

    [Fact]
    public async Task Content_WithoutRights_IsNeitherReadNorReplaced()
    {
        IFileSystemClient client = shared.Bystander.Client;
        Caller bob = new(1001, 1001, []);
        InodeId dir = await shared.DirectoryAsync(Octal("755"));
        InodeAddress address = await client.WriteFileAsync(dir, "file", [1, 2, 3]);
        Assert.Equal(FsErrno.AccessDenied, (await client.WriteContentAsync(bob, address, new MemoryStream(new byte[10]), 10).Soon()).Errno);
        // Larger than what is on its way at a time: the refusal overtakes the bytes.
        Assert.Equal(FsErrno.AccessDenied, (await client.WriteContentAsync(bob, address, new MemoryStream(new byte[40_000_000]), 40_000_000).Soon()).Errno);
        (await client.SetAttributesAsync(Caller.Root, new Capstan.Shared.Messages.SetAttrOperation(address) { Mode = Octal("600") }).Soon()).Ok();
        Assert.Equal(FsErrno.AccessDenied, await client.ReadContentAsync(bob, address, 0, -1, Stream.Null).Soon());
        Assert.Equal([1, 2, 3], await client.ReadFileAsync(address));
        await shared.AssertAliveAsync();
    }

    private static uint Octal(string digits) => Convert.ToUInt32(digits, 8);
}
