using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>Files that appear whole: sent, or copied at the MDS.</summary>
public sealed class NewFileTests
{
    [Fact]
    public async Task Create_SeenByAnother_NeverWithoutItsContent()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient writer = (await mds.GatewayAsync()).Client;
        IFileSystemClient reader = (await mds.GatewayAsync()).Client;
        InodeId dir = (await writer.MakeDirectory(Caller.Root, InodeId.Root, "d".Name(), 0x1FF).Ok()).Ino;
        using IDirectoryView view = (await reader.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        const int Count = 200;
        Task<FsResult<InodeAttributes>>[] writing = [.. Enumerable.Range(0, Count).Select(i =>
            writer.CreateFileWithContentAsync(Caller.Root, dir, $"f{i:D3}".Name(), 0x1A4, new MemoryStream(Bytes(i)), Bytes(i).Length, mtimeNs: 1_000_000_000L * i))];
        await Eventually.TrueAsync(
            () =>
            {
                Assert.DoesNotContain(view.ListAsync().GetAwaiter().GetResult(), row => row.Entry.Attributes.Size == 0);
                return view.Count == Count;
            },
            "every file in the view", state: () => $"{view.Count} rows, {writing.Count(w => w.IsCompleted)} done, {writing.Count(w => w.IsCompletedSuccessfully && !w.Result.IsOk)} refused");
        foreach (Task<FsResult<InodeAttributes>> one in writing)
            (await one).Ok();
        foreach (DirectoryRow row in await view.ListAsync())
        {
            int i = int.Parse(row.Entry.Name.ToString()[1..]);
            Assert.Equal(1_000_000_000L * i, row.Entry.Attributes.MtimeNs);
            Assert.Equal(Bytes(i), await reader.ReadFileAsync(new InodeAddress(dir, row.Entry.Name, row.Entry.Attributes.Ino)));
        }
        Assert.Equal(Count, mds.ContentFiles());
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Create_NameTaken_IsRefusedAndLeavesNothing()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress there = await client.WriteFileAsync(InodeId.Root, "taken", [1, 2, 3]);
        Assert.Equal(FsErrno.Exists, (await client.CreateFileWithContentAsync(Caller.Root, InodeId.Root, "taken".Name(), 0x1A4, new MemoryStream([9]), 1).Soon()).Errno);
        Assert.Equal(FsErrno.Invalid, (await client.CreateFileWithContentAsync(Caller.Root, InodeId.Root, "short".Name(), 0x1A4, new MemoryStream([9]), 2).Soon()).Errno);
        Assert.Equal(FsErrno.Stale, (await client.CreateFileWithContentAsync(Caller.Root, new InodeId(999_999), "x".Name(), 0x1A4, new MemoryStream([9]), 1).Soon()).Errno);
        Assert.Equal([1, 2, 3], await client.ReadFileAsync(there));
        Assert.Equal(1, mds.ContentFiles());
        Assert.Single(await client.ListAsync(InodeId.Root));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Create_BehindItsOwnUnlink_IsTheNewFile()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.FromMilliseconds(20));
        IFileSystemClient client = (await mds.GatewayAsync(through: link)).Client;
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "d".Name(), 0x1FF).Ok()).Ino;
        await client.WriteFileAsync(dir, "x", [1]);
        DirectoryEntry old = (await client.ListAsync(dir)).Single().Entry;
        PendingOperation unlink = client.Remove(Caller.Root, dir, old);
        InodeAttributes made = (await client.CreateFileWithContentAsync(Caller.Root, dir, "x".Name(), 0x1A4, new MemoryStream([2]), 1).Soon()).Ok();
        await unlink.Ok();
        Assert.Equal([2], await client.ReadFileAsync(new InodeAddress(dir, "x".Name(), made.Ino)));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Copy_File_HasContentModeTimeAndXattrsAndIsIndependent()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress source = await client.WriteFileAsync(InodeId.Root, "source", Bytes(7));
        Assert.Equal(FsErrno.Ok, await client.SetXattrAsync(Caller.Root, source, "user.colour"u8.ToArray(), "red"u8.ToArray(), Shared.Messages.XattrMode.Create));
        InodeAttributes original = (await client.GetAttributesAsync(Caller.Root, source).Soon()).Ok();

        InodeAttributes made = (await client.CopyFileAsync(Caller.Root, source, InodeId.Root, "copy".Name()).Soon()).Ok();
        Assert.NotEqual(original.Ino, made.Ino);
        Assert.Equal((original.Mode, original.Size, original.MtimeNs, 1u), (made.Mode, made.Size, made.MtimeNs, made.Xattrs));
        InodeAddress copy = new(InodeId.Root, "copy".Name(), made.Ino);
        Assert.Equal("red"u8.ToArray(), (await client.GetXattrAsync(Caller.Root, copy, "user.colour"u8.ToArray()).Soon()).Ok());

        // One changes, the other is removed: each keeps its own.
        (await client.WriteContentAsync(Caller.Root, source, new MemoryStream([5]), 1).Soon()).Ok();
        Assert.Equal(Bytes(7), await client.ReadFileAsync(copy));
        await client.Remove(Caller.Root, InodeId.Root, (await client.ListAsync(InodeId.Root)).Single(r => r.Entry.Name == "source".Name()).Entry).Ok();
        await Eventually.TrueAsync(() => mds.ContentFiles() == 1, "the purge of what is not shown");
        Assert.Equal(Bytes(7), await client.ReadFileAsync(copy));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Copy_WhatMayNotBe_IsRefused()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress source = await client.WriteFileAsync(InodeId.Root, "source", Bytes(3));
        (await client.SetAttributesAsync(Caller.Root, new Shared.Messages.SetAttrOperation(source) { Mode = 0x180 }).Soon()).Ok();
        Caller bob = new(1000, 1000, []);
        InodeAttributes dir = await client.MakeDirectory(Caller.Root, InodeId.Root, "d".Name(), 0x1FF).Ok();
        Assert.Equal(FsErrno.AccessDenied, (await client.CopyFileAsync(bob, source, dir.Ino, "copy".Name()).Soon()).Errno);
        Assert.Equal(FsErrno.Exists, (await client.CopyFileAsync(Caller.Root, source, InodeId.Root, "source".Name()).Soon()).Errno);
        Assert.Equal(FsErrno.IsDirectory, (await client.CopyFileAsync(Caller.Root, InodeAddress.ByNumber(dir.Ino), InodeId.Root, "copy".Name()).Soon()).Errno);
        Assert.Equal(FsErrno.Stale, (await client.CopyFileAsync(Caller.Root, new InodeAddress(InodeId.Root, "source".Name(), new InodeId(4711)), InodeId.Root, "copy".Name()).Soon()).Errno);
        Assert.Equal(1, mds.ContentFiles());
        Assert.Equal(0, (await client.CopyFileAsync(Caller.Root, await client.WriteFileAsync(InodeId.Root, "empty", []), InodeId.Root, "copy of empty".Name()).Soon()).Ok().Size);
        await mds.StopAndCheckAsync();
    }

    private static byte[] Bytes(int i) => Encoding.UTF8.GetBytes(new string((char)('a' + (i % 26)), 100 + i));
}
