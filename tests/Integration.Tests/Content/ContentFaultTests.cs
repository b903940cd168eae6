using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Wire;
using Capstan.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>File contents: whole versions or nothing, whatever happens midway.</summary>
public sealed class ContentFaultTests
{
    private static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Fact]
    public async Task Write_InterruptedMidway_ChangesNothing()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        byte[] old = Bytes(300_000);
        InodeAddress file = await client.WriteFileAsync(InodeId.Root, "file", old);
        InodeAttributes before = (await client.GetAttributesAsync(Caller.Root, file).Soon()).Ok();

        // (1) The source fails, (2) ends early, (3) goes on too long, (4) the caller gives up.
        using GatedStream failing = new(Bytes(5_000_000), failAt: 2_000_000);
        await Assert.ThrowsAsync<IOException>(() => client.WriteContentAsync(Caller.Root, file, failing, 5_000_000).Soon());
        Assert.Equal(FsErrno.Invalid, (await client.WriteContentAsync(Caller.Root, file, new MemoryStream(Bytes(1000)), 2000).Soon()).Errno);
        Assert.Equal(FsErrno.Invalid, (await client.WriteContentAsync(Caller.Root, file, new MemoryStream(Bytes(30_000_000)), 2000).Soon()).Errno);
        using CancellationTokenSource giveUp = new();
        using GatedStream waiting = new(Bytes(5_000_000), pauseAt: 2_000_000);
        Task writing = client.WriteContentAsync(Caller.Root, file, waiting, 5_000_000, cancellation: giveUp.Token);
        await waiting.Paused.Soon();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Soon());

        Assert.Equal(before, (await client.GetAttributesAsync(Caller.Root, file).Soon()).Ok());
        Assert.Equal(old, await client.ReadFileAsync(file));
        await Eventually.TrueAsync(() => !Directory.EnumerateFiles(Path.Combine(mds.ContentDirectory, "STAGING")).Any(), "an empty staging directory");
        Assert.Equal(1, mds.ContentFiles());
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Write_MdsKilledMidway_ChangesNothingAndLeavesNothing()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        byte[] old = Bytes(300_000);
        InodeAddress file = await client.WriteFileAsync(InodeId.Root, "file", old);
        using GatedStream source = new(Bytes(8_000_000), pauseAt: 4_000_000);
        Task<FsResult<InodeAttributes>> writing = client.WriteContentAsync(Caller.Root, file, source, 8_000_000);
        await source.Paused.Soon();
        await Eventually.TrueAsync(() => Directory.EnumerateFiles(Path.Combine(mds.ContentDirectory, "STAGING")).Any(), "bytes on their way at the MDS");
        await mds.KillAsync();
        source.GoOn();
        Assert.Equal(FsErrno.NotConnected, (await writing.Soon()).Errno);
        await mds.StartAgainAsync();
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(mds.ContentDirectory, "STAGING")));
        Assert.Equal(old, await client.ReadFileAsync(file));
        Assert.Equal(9, (await client.WriteContentAsync(Caller.Root, file, new MemoryStream(new byte[9]), 9).Soon()).Ok().Size);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Write_CallerGivesUpWhileItsCommitWaitsForACap_EitherAllOrNothing()
    {
        await using Rig rig = await Rig.StartAsync(onTcp: true);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(rig.Port, TimeSpan.Zero);
        IFileSystemClient writer = (await rig.GatewayAsync()).Client;
        IFileSystemClient holder = (await rig.GatewayAsync(through: link)).Client;
        InodeId dir = (await writer.MakeDirectory(Caller.Root, InodeId.Root, "d".Name(), 0x1FF).Ok()).Ino;
        byte[] old = Bytes(1000), anew = Bytes(2_000_000, seed: 2);
        InodeAddress file = await writer.WriteFileAsync(dir, "file", old);
        using GatedStream source = new(anew, pauseAt: 1_000_000);
        using CancellationTokenSource giveUp = new();
        Task<FsResult<InodeAttributes>> writing = writer.WriteContentAsync(Caller.Root, file, source, anew.Length, cancellation: giveUp.Token);
        await source.Paused.Soon();
        // Only what the MDS has begun to file gets as far as the commit: the line takes a million bytes that nobody has read yet.
        await Eventually.TrueAsync(() => rig.ContentFilesUnderWay() == 1, "bytes on their way at the MDS", state: State);
        // Another takes the directory for itself and is gone: the commit has to wait for its lease.
        await holder.HoldAsync(dir);
        link.RefusesNew = true;
        link.CutAll();
        source.GoOn();
        await Eventually.TrueAsync(() => rig.ContentFiles() == 2, "the new bytes in their place", state: State);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Soon());

        await rig.PassAsync(rig.Options.Lease, writer);
        byte[] shown = await writer.ReadFileAsync(file);
        Assert.True(shown.AsSpan().SequenceEqual(old) || shown.AsSpan().SequenceEqual(anew), $"{shown.Length} bytes that are neither version");
        await Eventually.TrueAsync(() => rig.ContentFiles() == 1, "one version on disk", state: State);
        Assert.Equal(shown, await writer.ReadFileAsync(file));
        await rig.StopAndCheckAsync();

        string State() =>
            $"{rig.ContentFiles()} content files, {rig.ContentFilesUnderWay()} under way, the holder with {holder.Caps(dir)} in a session that is {holder.Snapshot().Session.State}, the write {writing.Status}";
    }

    [Fact]
    public async Task Read_Ranges_AreExactAtEveryEdge()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        byte[] bytes = Bytes(1_000_003);
        InodeAddress file = await client.WriteFileAsync(InodeId.Root, "file", bytes);
        (long Offset, long Length)[] ranges =
        [
            (0, 0), (0, 1), (0, -1), (131_071, 2), (131_072, 131_072), (131_073, 262_145), (1_000_002, 1), (1_000_002, 100),
            (1_000_003, 1), (1_000_003, -1), (5_000_000, 10), (long.MaxValue, 1), (0, long.MaxValue), (1, long.MaxValue), (long.MaxValue, long.MaxValue), (500_000, -7),
        ];
        foreach ((long offset, long length) in ranges)
        {
            long from = Math.Min(offset, bytes.Length);
            long count = length < 0 ? bytes.Length - from : Math.Min(length, bytes.Length - from);
            Assert.Equal(bytes.AsSpan((int)from, (int)count).ToArray(), await client.ReadFileAsync(file, offset, length));
        }
        foreach (long offset in new[] { -1, long.MinValue })
            Assert.Equal(FsErrno.Invalid, await client.ReadContentAsync(Caller.Root, file, offset, 1, Stream.Null).Soon());
        Assert.Empty(await client.ReadFileAsync(await client.WriteFileAsync(InodeId.Root, "empty", [])));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task ReplaceAndRead_AtTheSameTime_EachReadIsOneVersionWhole()
    {
        const int Versions = 40;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient writer = (await mds.GatewayAsync()).Client;
        // A version is one byte value, as many thousands of times.
        byte[] Version(int v) => [.. Enumerable.Repeat((byte)v, v * 5000)];
        InodeAddress file = await writer.WriteFileAsync(InodeId.Root, "file", Version(1));
        Task writing = Task.Run(async () =>
        {
            for (int v = 2; v <= Versions; v++)
                (await writer.WriteContentAsync(Caller.Root, file, new MemoryStream(Version(v)), v * 5000).Soon()).Ok();
        });
        int[] reads = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            IFileSystemClient reader = (await mds.GatewayAsync()).Client;
            int last = 0, count = 0;
            while (last < Versions)
            {
                byte[] bytes = await reader.ReadFileAsync(file);
                Assert.Equal(bytes[0] * 5000, bytes.Length);
                Assert.False(bytes.AsSpan().ContainsAnyExcept(bytes[0]));
                Assert.True(bytes[0] >= last, $"version {bytes[0]} after {last}");
                last = bytes[0];
                count++;
            }
            return count;
        })).Soon();
        await writing;
        Assert.All(reads, r => Assert.True(r > 1));
        await Eventually.TrueAsync(() => mds.ContentFiles() == 1, "one version on disk");
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Unlink_WhileBeingRead_StaysReadableToTheEnd()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        byte[] bytes = Bytes(40_000_000); // More than what is on its way at a time.
        InodeAddress file = await client.WriteFileAsync(InodeId.Root, "file", bytes);
        using GatedStream sink = new(new byte[bytes.Length], pauseAt: 100_000);
        Task<FsErrno> reading = client.ReadContentAsync(Caller.Root, file, 0, -1, sink);
        await sink.Paused.Soon();
        await client.Remove(Caller.Root, InodeId.Root, (await client.ListAsync(InodeId.Root)).Single().Entry).Ok();
        await Eventually.TrueAsync(() => mds.ContentFiles() == 0, "the purge");
        sink.GoOn();
        Assert.Equal(FsErrno.Ok, await reading.Soon());
        Assert.True(sink.Bytes.AsSpan().SequenceEqual(bytes));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Read_ContentFileIsMissing_FailsAndTheMdsLives()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress file = await client.WriteFileAsync(InodeId.Root, "file", Bytes(1000));
        InodeAddress other = await client.WriteFileAsync(InodeId.Root, "other", Bytes(1000));
        File.Delete(Directory.EnumerateFiles(mds.ContentDirectory, $"{file.Ino.Value:x}-*", SearchOption.AllDirectories).Single());
        Task<FsErrno>[] reads = [.. Enumerable.Range(0, 10).Select(_ => client.ReadContentAsync(Caller.Root, file, 0, -1, Stream.Null))];
        PendingOperation create = client.CreateFile(Caller.Root, InodeId.Root, "alive".Name(), 0x1A4);
        Assert.All(await Task.WhenAll(reads).Soon(), e => Assert.Equal(FsErrno.Io, e));
        await create.Ok();
        Assert.Equal(Bytes(1000), await client.ReadFileAsync(other));
        await client.CreateFile(Caller.Root, InodeId.Root, "alive too".Name(), 0x1A4).Ok();
        // The damage is found, and whoever writes the file anew has mended it.
        (await client.WriteContentAsync(Caller.Root, file, new MemoryStream([1]), 1).Soon()).Ok();
        Assert.Equal([1], await client.ReadFileAsync(file));
        await mds.StopAndCheckAsync();
    }

    public static TheoryData<string, Protos.WriteContentHeader?, FsErrno?> BadHeaders()
    {
        Protos.Caller root = new();
        return new()
        {
            { "no header", null, null },
            { "no caller", new Protos.WriteContentHeader { Target = new Protos.Address { Ino = 1 }, Size = 1 }, FsErrno.Invalid },
            { "no target", new Protos.WriteContentHeader { Caller = root, Size = 1 }, FsErrno.Invalid },
            { "a directory", new Protos.WriteContentHeader { Caller = root, Target = new Protos.Address { Ino = 1 }, Size = 1 }, FsErrno.IsDirectory },
            { "a forged number", new Protos.WriteContentHeader { Caller = root, Target = new Protos.Address { Ino = ulong.MaxValue }, Size = 1 }, FsErrno.Stale },
            { "a name with a slash", new Protos.WriteContentHeader { Caller = root, Target = new Protos.Address { Dir = 1, Name = ByteString.CopyFromUtf8("a/b"), Ino = 7 }, Size = 1 }, FsErrno.Invalid },
        };
    }

    [Fact]
    public async Task Write_BadHeader_IsRefusedAndTheMdsLives()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress file = await client.WriteFileAsync(InodeId.Root, "file", [1, 2]);
        using GrpcChannel channel = WireChannel.Create(mds.Address);
        Protos.Content.ContentClient contents = new(channel);
        foreach ((string what, Protos.WriteContentHeader? header, FsErrno? expected) in BadHeaders().Select(r => r.Data))
        {
            (StatusCode status, FsErrno errno) = await WriteAsync(contents, header);
            Assert.True(expected is null ? status == StatusCode.InvalidArgument : errno == expected, $"{what}: {status} {errno}");
        }
        Protos.Address target = new() { Dir = 1, Name = ByteString.CopyFromUtf8("file"), Ino = file.Ino.Value };
        foreach (long size in new[] { -1, long.MinValue, long.MaxValue, 2 })
            Assert.Equal(FsErrno.Invalid, (await WriteAsync(contents, new Protos.WriteContentHeader { Caller = new(), Target = target, Size = size })).Errno);
        Assert.Equal(FsErrno.Stale, (await WriteAsync(contents, new Protos.WriteContentHeader { Caller = new(), Target = target, Size = 1, IfContent = 99 })).Errno);
        Assert.Equal([1, 2], await client.ReadFileAsync(file));
        await mds.StopAndCheckAsync();
    }

    private static async Task<(StatusCode Status, FsErrno Errno)> WriteAsync(Protos.Content.ContentClient contents, Protos.WriteContentHeader? header)
    {
        using AsyncClientStreamingCall<Protos.WriteContentRequest, Protos.WriteContentReply> call = contents.Write();
        try
        {
            Protos.WriteContentRequest first = new() { Data = ByteString.CopyFrom(9) };
            if (header is not null)
                first.Header = header;
            try
            {
                await call.RequestStream.WriteAsync(first);
                await call.RequestStream.CompleteAsync();
            }
            catch (InvalidOperationException)
            {
                // The refusal was faster.
            }
            return (StatusCode.OK, (FsErrno)(await call.ResponseAsync.Soon()).Errno);
        }
        catch (RpcException e)
        {
            return (e.StatusCode, FsErrno.Ok);
        }
    }
}
