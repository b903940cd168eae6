using Capstan.ClientGateway;
using Capstan.Shared;
using Google.Protobuf;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>Names that no file can have, past every gateway, and names that are odd and allowed.</summary>
public sealed class NamesOnTheWireTests(SharedMds shared) : IClassFixture<SharedMds>
{
    private static readonly ByteString Good = ByteString.CopyFromUtf8("good");

    public static TheoryData<string, byte[], FsErrno> BadNames() => new()
    {
        { "slash", "a/b"u8.ToArray(), FsErrno.Invalid },
        { "NUL", [(byte)'a', 0, (byte)'b'], FsErrno.Invalid },
        { "dot", "."u8.ToArray(), FsErrno.Invalid },
        { "dot dot", ".."u8.ToArray(), FsErrno.Invalid },
        { "empty", [], FsErrno.Invalid },
        { "256 bytes", [.. Enumerable.Repeat((byte)'x', 256)], FsErrno.NameTooLong },
    };

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Request_BadName_IsRefusedInEveryOperation(string what, byte[] bytes, FsErrno expected)
    {
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        InodeId parent = await shared.DirectoryAsync();
        ulong dir = parent.Value;
        InodeAttributes file = await shared.Bystander.Client.CreateFile(Caller.Root, parent, "good".Name(), 0x1A4).Ok();
        ByteString name = ByteString.CopyFrom(bytes);
        Protos.Address good = new() { Dir = dir, Name = Good, Ino = file.Ino.Value };
        Protos.Address bad = new() { Dir = dir, Name = name, Ino = file.Ino.Value };
        (string Kind, Action<Protos.Request> Body)[] requests =
        [
            ("lookup", r => { r.Lookup = new Protos.LookupOp { Dir = dir }; r.Lookup.Names.Add(Good); r.Lookup.Names.Add(name); }),
            ("getattr", r => r.GetAttr = new Protos.GetAttrOp { Target = bad }),
            ("setattr", r => r.SetAttr = new Protos.SetAttrOp { Target = bad, Mode = 0 }),
            ("create", r => r.Create = new Protos.CreateOp { Dir = dir, Name = name }),
            ("mkdir", r => r.Mkdir = new Protos.MkdirOp { Dir = dir, Name = name }),
            ("symlink", r => r.Symlink = new Protos.SymlinkOp { Dir = dir, Name = name, Target = Good }),
            ("link", r => r.Link = new Protos.LinkOp { Source = good, Dir = dir, Name = name }),
            ("link of", r => r.Link = new Protos.LinkOp { Source = bad, Dir = dir, Name = Good }),
            ("unlink", r => r.Unlink = new Protos.UnlinkOp { Dir = dir, Name = name }),
            ("rmdir", r => r.Rmdir = new Protos.RmdirOp { Dir = dir, Name = name }),
            ("rename to", r => r.Rename = new Protos.RenameOp { Source = good, Dir = dir, Name = name }),
            ("rename of", r => r.Rename = new Protos.RenameOp { Source = bad, Dir = dir, Name = Good }),
            ("readlink", r => r.Readlink = new Protos.ReadlinkOp { Target = bad }),
            ("setxattr", r => r.SetXattr = new Protos.SetXattrOp { Target = bad, Name = Good }),
            ("listxattr", r => r.ListXattr = new Protos.ListXattrOp { Target = bad }),
        ];
        foreach ((string kind, Action<Protos.Request> body) in requests)
        {
            Protos.Reply reply = await session.CallAsync(body);
            Assert.True((FsErrno)reply.Errno == expected, $"{kind} of a name with {what}: {(FsErrno)reply.Errno}");
        }
        if (bytes.Length > 0)
        {
            Protos.Reply listing = await session.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir, After = name, Credits = 1 });
            Assert.Equal(expected, (FsErrno)listing.Errno);
        }
        if (bytes.Length < 256)
        {
            Protos.UnlinkRun run = new() { FirstTid = 1000, OldestTid = 1, Caller = RawSession.Root, Dir = dir, Names = ByteString.CopyFrom([(byte)bytes.Length, .. bytes, 4, .. "none"u8]) };
            run.Inos.AddRange([file.Ino.Value, 99ul]);
            await session.SendAsync(new Protos.ClientMessage { UnlinkRun = run });
            Assert.Equal(expected, (FsErrno)(await session.ReplyAsync(1000, "a run's bad name")).Errno);
            Assert.Equal(FsErrno.NoEntry, (FsErrno)(await session.ReplyAsync(1001, "the name after it")).Errno);
        }
        Assert.Equal(["good"], (await shared.Bystander.Client.ListAsync(parent)).Names());
        await shared.AssertAliveAsync(session);
    }

    [Fact]
    public async Task UnlinkRun_NamesCutShort_EndsTheStreamAndNothingElse()
    {
        RawSession session = await RawSession.OpenAsync(shared.Address);
        InodeId dir = await shared.Bystander.Client.FillAsync("cut-short", 2);
        Protos.UnlinkRun run = new() { FirstTid = 1, OldestTid = 1, Caller = RawSession.Root, Dir = dir.Value, Names = ByteString.CopyFrom([10, .. "file-00000"u8, 200, 1]) };
        run.Inos.AddRange([0ul, 0ul]);
        await session.SendAsync(new Protos.ClientMessage { UnlinkRun = run });
        Assert.Equal(StatusCode.InvalidArgument, (await session.EndAsync()).StatusCode);
        Assert.Equal(2, (await shared.Bystander.Client.ListAsync(dir)).Count);
        await using RawSession resumed = await RawSession.OpenAsync(shared.Address, session.Id);
        Assert.True(resumed.Opened.Resumed);
        await shared.AssertAliveAsync(resumed);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Name_NotUtf8_IsKeptListedShownEscapedAndDeleted()
    {
        IFileSystemClient client = shared.Bystander.Client;
        InodeId dir = await shared.DirectoryAsync();
        Dictionary<FileName, string> names = new()
        {
            [FileName.Create([0x61, 0xFF, 0x62])] = @"a\xFFb",
            [FileName.Create([0xC3])] = @"\xC3",
            [FileName.Create([0x5C, 0xFE])] = @"\\\xFE",
            [FileName.Create([0xED, 0xA0, 0x80])] = @"\xED\xA0\x80",
            [FileName.Create([.. Enumerable.Repeat((byte)0x80, 255)])] = string.Concat(Enumerable.Repeat(@"\x80", 255)),
        };
        foreach (FileName name in names.Keys)
            await client.CreateFile(Caller.Root, dir, name, 0x1A4).Ok();
        List<DirectoryRow> rows = await client.ListAsync(dir);
        Assert.Equal(names.Keys.Order(), rows.Select(r => r.Entry.Name));
        foreach (DirectoryRow row in rows)
        {
            Assert.Equal(names[row.Entry.Name], row.Entry.Name.ToString());
            Assert.Equal(FsErrno.Ok, FileName.TryParse(row.Entry.Name.ToString(), out FileName parsed));
            Assert.Equal(row.Entry.Name, parsed);
        }
        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Select(r => r.Entry)]);
        await job.Completion.Soon();
        Assert.Equal((names.Count, 0), (job.Done, job.Failed));
        Assert.Empty(await client.ListAsync(dir));
    }

    [Fact]
    public async Task Path_ThousandDeep_IsMadeResolvedInOneRequestListedAndRemoved()
    {
        const int Depth = 1000;
        IFileSystemClient client = shared.Bystander.Client;
        InodeId at = await shared.DirectoryAsync();
        FileName[] path = [(await client.ListAsync(InodeId.Root)).Single(r => r.Entry.Attributes.Ino == at).Entry.Name, .. Enumerable.Repeat("d".Name(), Depth)];
        List<(InodeId Parent, InodeAttributes Made)> made = [];
        for (int i = 0; i < Depth; i++)
        {
            InodeId parent = at;
            InodeAttributes directory = await client.MakeDirectory(Caller.Root, parent, "d".Name(), 0x1FF).Ok();
            made.Add((parent, directory));
            at = directory.Ino;
        }
        await client.CreateFile(Caller.Root, at, "leaf".Name(), 0x1A4).Ok();

        IFileSystemClient fresh = (await shared.Mds.GatewayAsync()).Client;
        long before = fresh.Snapshot().Requests;
        ResolvedPath found = (await fresh.ResolveAsync(Caller.Root, path).Soon()).Ok();
        Assert.Equal((at, before + 1), (found.Address.Ino, fresh.Snapshot().Requests));
        List<DirectoryRow> rows = await fresh.ListAsync(at);
        Assert.Equal(["leaf"], rows.Names());

        // Bottom up, all at once: each waits for what it has to.
        PendingOperation leaf = fresh.Remove(Caller.Root, at, rows[0].Entry);
        PendingOperation[] removals = [.. Enumerable.Reverse(made).Select(m => fresh.Remove(Caller.Root, m.Parent, new DirectoryEntry("d".Name(), m.Made)))];
        await leaf.Ok();
        foreach (PendingOperation removal in removals)
            await removal.Ok();
        Assert.Empty(await client.ListAsync(made[0].Parent));
    }
}
