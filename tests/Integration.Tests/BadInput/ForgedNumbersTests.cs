using Capstan.ClientGateway;
using Capstan.Shared;
using Google.Protobuf;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>Inode numbers, counts, credits, ranks and cookies that a gateway of ours would never send.</summary>
public sealed class ForgedNumbersTests(SharedMds shared) : IClassFixture<SharedMds>
{
    private static readonly ByteString File = ByteString.CopyFromUtf8("file");
    private static readonly ByteString Other = ByteString.CopyFromUtf8("other");
    private static readonly ByteString Fresh = ByteString.CopyFromUtf8("fresh");

    [Fact]
    public async Task Request_ForgedInode_IsRefusedInEveryOperationAndNothingChanges()
    {
        IFileSystemClient client = shared.Bystander.Client;
        InodeId parent = await shared.DirectoryAsync();
        InodeAttributes file = await client.CreateFile(Caller.Root, parent, "file".Name(), 0x1A4).Ok();
        InodeAttributes other = await client.CreateFile(Caller.Root, parent, "other".Name(), 0x1A4).Ok();
        InodeAttributes sub = await client.MakeDirectory(Caller.Root, parent, "sub".Name(), 0x1FF).Ok();
        List<DirectoryRow> before = await client.ListAsync(parent);
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        ulong dir = parent.Value;

        // (1) A number that no inode has, another file's, and the directory's own, as the inode behind a name.
        foreach (ulong forged in new[] { ulong.MaxValue, 1ul << 62, other.Ino.Value, dir, sub.Ino.Value, 1ul })
        {
            Protos.Address target = new() { Dir = dir, Name = File, Ino = forged };
            await ExpectAsync(FsErrno.Stale, $"inode {forged} behind a file's name",
                r => r.GetAttr = new Protos.GetAttrOp { Target = target },
                r => r.SetAttr = new Protos.SetAttrOp { Target = target, Mode = 0 },
                r => r.Link = new Protos.LinkOp { Source = target, Dir = dir, Name = Fresh },
                r => r.Unlink = new Protos.UnlinkOp { Dir = dir, Name = File, Ino = forged },
                r => r.Rename = new Protos.RenameOp { Source = target, Dir = dir, Name = Fresh },
                r => r.Readlink = new Protos.ReadlinkOp { Target = target },
                r => r.GetXattr = new Protos.GetXattrOp { Target = target, Name = Fresh },
                r => r.SetXattr = new Protos.SetXattrOp { Target = target, Name = Fresh },
                r => r.ListXattr = new Protos.ListXattrOp { Target = target },
                r => r.RemoveXattr = new Protos.RemoveXattrOp { Target = target, Name = Fresh });
            if (forged != sub.Ino.Value)
                await ExpectAsync(FsErrno.Stale, $"inode {forged} behind a directory's name", r => r.Rmdir = new Protos.RmdirOp { Dir = dir, Name = ByteString.CopyFromUtf8("sub"), Ino = forged });
        }

        // (2) A number that is no directory's, as the directory.
        foreach (ulong forged in new ulong[] { 0, ulong.MaxValue, 1ul << 63, file.Ino.Value })
        {
            Protos.Address inside = new() { Dir = forged, Name = File, Ino = file.Ino.Value };
            Protos.Address good = new() { Dir = dir, Name = File, Ino = file.Ino.Value };
            await ExpectAsync(null, $"directory {forged}",
                r => { r.Lookup = new Protos.LookupOp { Dir = forged, Want = 511 }; r.Lookup.Names.Add(File); },
                r => r.GetAttr = new Protos.GetAttrOp { Target = inside },
                r => r.SetAttr = new Protos.SetAttrOp { Target = inside, Mode = 0 },
                r => r.Readdir = new Protos.ReaddirOp { Dir = forged, Credits = 10, Want = 511 },
                r => r.Create = new Protos.CreateOp { Dir = forged, Name = Fresh },
                r => r.Mkdir = new Protos.MkdirOp { Dir = forged, Name = Fresh },
                r => r.Symlink = new Protos.SymlinkOp { Dir = forged, Name = Fresh, Target = File },
                r => r.Link = new Protos.LinkOp { Source = good, Dir = forged, Name = Fresh },
                r => r.Link = new Protos.LinkOp { Source = inside, Dir = dir, Name = Fresh },
                r => r.Unlink = new Protos.UnlinkOp { Dir = forged, Name = File, Ino = file.Ino.Value },
                r => r.Rmdir = new Protos.RmdirOp { Dir = forged, Name = File },
                r => r.Rename = new Protos.RenameOp { Source = good, Dir = forged, Name = Fresh },
                r => r.Rename = new Protos.RenameOp { Source = inside, Dir = dir, Name = Fresh },
                r => r.Readlink = new Protos.ReadlinkOp { Target = inside },
                r => r.GetXattr = new Protos.GetXattrOp { Target = inside, Name = Fresh },
                r => r.SetXattr = new Protos.SetXattrOp { Target = inside, Name = Fresh },
                r => r.ListXattr = new Protos.ListXattrOp { Target = inside },
                r => r.RemoveXattr = new Protos.RemoveXattrOp { Target = inside, Name = Fresh });
        }

        // (3) A number alone, of an inode that its number alone does not find.
        foreach (ulong forged in new ulong[] { 0, ulong.MaxValue, file.Ino.Value })
        {
            Protos.Address number = new() { Ino = forged };
            await ExpectAsync(forged == 0 ? FsErrno.Invalid : FsErrno.Stale, $"number {forged} alone",
                r => r.GetAttr = new Protos.GetAttrOp { Target = number },
                r => r.SetAttr = new Protos.SetAttrOp { Target = number, Mode = 0 },
                r => r.Link = new Protos.LinkOp { Source = number, Dir = dir, Name = Fresh },
                r => r.Rename = new Protos.RenameOp { Source = number, Dir = dir, Name = Fresh });
        }
        Protos.Address root = new() { Ino = 1 };
        await ExpectAsync(null, "the root", r => r.Rename = new Protos.RenameOp { Source = root, Dir = dir, Name = Fresh }, r => r.Link = new Protos.LinkOp { Source = root, Dir = dir, Name = Fresh });

        Assert.Equal(before.Select(r => r.Entry), (await client.ListAsync(parent)).Select(r => r.Entry));
        await shared.AssertAliveAsync(session);

        async Task ExpectAsync(FsErrno? expected, string what, params Action<Protos.Request>[] bodies)
        {
            foreach (Action<Protos.Request> body in bodies)
            {
                Protos.Request shown = new();
                body(shown);
                FsErrno errno = (FsErrno)(await session.CallAsync(body)).Errno;
                Assert.True(expected is { } e ? errno == e : errno is FsErrno.Stale or FsErrno.NoEntry or FsErrno.NotDirectory or FsErrno.Invalid or FsErrno.NotPermitted or FsErrno.IsDirectory, $"{shown.OpCase} with {what}: {errno}");
            }
        }
    }

    [Fact]
    public async Task Request_NegativeOrOversizedField_IsAnswered()
    {
        InodeId parent = await shared.Bystander.Client.FillAsync("numbers", 3000);
        ulong dir = parent.Value;
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        InodeAttributes file = await shared.Bystander.Client.CreateFile(Caller.Root, parent, "file".Name(), 0x1A4).Ok();
        Protos.Address target = new() { Dir = dir, Name = File, Ino = file.Ino.Value };

        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, Credits = -1 }));
        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, Credits = 1, ByRank = true, Rank = -1 }));
        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, Credits = 1, IfVersion = -5 }));
        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, Credits = 1, Want = uint.MaxValue }));
        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.SetAttr = new Protos.SetAttrOp { Target = target, Size = -1 }));
        Assert.Equal(FsErrno.FileTooLarge, await ErrnoAsync(r => r.SetAttr = new Protos.SetAttrOp { Target = target, Size = long.MaxValue }));
        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.SetAttr = new Protos.SetAttrOp { Target = target, Mode = uint.MaxValue }));
        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.Create = new Protos.CreateOp { Dir = dir, Name = Fresh, Mode = 0x8000 }));
        Assert.Equal(FsErrno.Invalid, await ErrnoAsync(r => r.SetXattr = new Protos.SetXattrOp { Target = target, Name = Fresh, Mode = 77 }));
        Assert.Equal(FsErrno.Range, await ErrnoAsync(r => r.SetXattr = new Protos.SetXattrOp { Target = target, Name = Fresh, Value = ByteString.CopyFrom(new byte[70_000]) }));
        Assert.Equal(FsErrno.NameTooLong, await ErrnoAsync(r => r.Symlink = new Protos.SymlinkOp { Dir = dir, Name = Fresh, Target = ByteString.CopyFrom(Enumerable.Repeat((byte)'x', 5000).ToArray()) }));
        Assert.Equal(FsErrno.NameTooLong, await ErrnoAsync(r => { r.Lookup = new Protos.LookupOp { Dir = dir }; r.Lookup.Names.AddRange(Enumerable.Repeat(Fresh, 5000)); }));
        Assert.Equal(FsErrno.NotSupported, await ErrnoAsync(_ => { }));
        // Beyond the end there is nothing, and saying so is no error.
        Assert.Equal(FsErrno.Ok, await ErrnoAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, Credits = int.MaxValue, ByRank = true, Rank = long.MaxValue }));
        Assert.Equal(FsErrno.Ok, await ErrnoAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, Credits = int.MaxValue, After = ByteString.CopyFrom(Enumerable.Repeat((byte)0xFF, 255).ToArray()) }));
        Assert.Equal(FsErrno.Ok, await ErrnoAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, Credits = int.MaxValue }));
        Assert.Equal(3001, (await shared.Bystander.Client.ListAsync(parent)).Count);
        await shared.AssertAliveAsync(session);

        async Task<FsErrno> ErrnoAsync(Action<Protos.Request> body) => (FsErrno)(await session.CallAsync(body)).Errno;
    }

    [Fact]
    public async Task ReaddirCredit_AsLargeAsCanBe_LetsTheWholeDirectoryCome()
    {
        InodeId dir = await shared.Bystander.Client.FillAsync("credits", 3000);
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        await session.SendAsync(
            new Protos.ClientMessage { Request = new Protos.Request { Tid = 500, OldestTid = 1, Caller = RawSession.Root, Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1 } } },
            new Protos.ClientMessage { ReaddirCredit = new Protos.ReaddirCredit { Tid = 500, Credits = int.MaxValue } },
            new Protos.ClientMessage { ReaddirCredit = new Protos.ReaddirCredit { Tid = 501, Credits = 1 } },
            new Protos.ClientMessage { ReaddirCancel = new Protos.ReaddirCancel { Tid = 502 } });
        Assert.Equal(0, (await session.ReplyAsync(500, "readdir")).Errno);
        await shared.AssertAliveAsync(session);
    }

    public static TheoryData<string, byte[]> SenselessMessages() => Data(
        ("tid 0", new Protos.ClientMessage { Request = new Protos.Request { Tid = 0, Caller = RawSession.Root, StatFs = new Protos.StatFsOp() } }),
        ("negative tid", new Protos.ClientMessage { Request = new Protos.Request { Tid = -5, Caller = RawSession.Root, StatFs = new Protos.StatFsOp() } }),
        ("negative oldest tid", new Protos.ClientMessage { Request = new Protos.Request { Tid = 5, OldestTid = -1, Caller = RawSession.Root, StatFs = new Protos.StatFsOp() } }),
        ("negative credits", new Protos.ClientMessage { ReaddirCredit = new Protos.ReaddirCredit { Tid = 1, Credits = -1 } }),
        ("negative version", new Protos.ClientMessage { DeltaAck = new Protos.DeltaAck { Dir = 1, Version = -1 } }),
        ("negative seq", new Protos.ClientMessage { CapRelease = new Protos.CapRelease { Ino = 1, Seq = -1 } }),
        ("unknown bits", new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = 1, Seq = 1, Retained = uint.MaxValue } }),
        ("renewal of a negative tid", new Protos.ClientMessage { Renew = new Protos.Renew { OldestTid = long.MinValue } }),
        ("reclaim of unknown bits", new Protos.ClientMessage { Reclaim = new Protos.Reclaim { Caps = { new Protos.HeldCap { Ino = 1, Bits = 1u << 31 } } } }),
        ("a run without names", new Protos.ClientMessage { UnlinkRun = new Protos.UnlinkRun { FirstTid = 1, Caller = RawSession.Root, Dir = 1, Inos = { 1, 2, 3 } } }),
        ("a run beyond the last tid", new Protos.ClientMessage { UnlinkRun = new Protos.UnlinkRun { FirstTid = long.MaxValue, Caller = RawSession.Root, Dir = 1, Names = ByteString.CopyFrom(1, 65, 1, 66), Inos = { 1, 2 } } }),
        ("nothing", new Protos.ClientMessage()));

    [Theory]
    [MemberData(nameof(SenselessMessages))]
    public async Task Message_WithoutSense_EndsTheConnectionWithWordsAndTheSessionResumes(string what, byte[] message)
    {
        RawSession session = await RawSession.OpenAsync(shared.Address);
        await session.SendAsync(Protos.ClientMessage.Parser.ParseFrom(message));
        Status status = await session.EndAsync();
        Assert.True(status.StatusCode == StatusCode.InvalidArgument && status.Detail.Length > 0, $"{what}: {status}");
        await using RawSession resumed = await RawSession.OpenAsync(shared.Address, session.Id);
        Assert.True(resumed.Opened.Resumed);
        await shared.AssertAliveAsync(resumed);
        await session.DisposeAsync();
    }

    private static TheoryData<string, byte[]> Data(params (string What, Protos.ClientMessage Message)[] rows)
    {
        TheoryData<string, byte[]> data = new();
        foreach ((string what, Protos.ClientMessage message) in rows)
            data.Add(what, message.ToByteArray());
        return data;
    }
}
