using Capstan.Mds.Content;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Tests.Content;

public sealed class ContentStoreTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly ContentStore _contents;

    public ContentStoreTests() => _contents = new ContentStore(_temporary.Path);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Open_WhatWasPublished_ReadsBack_WithZerosBehindIt()
    {
        Publish(new InodeId(0x123456), 3, "hello"u8);
        using ContentReader reader = _contents.Open(new ContentExtent(new InodeId(0x123456), 3, 4, 8));
        byte[] buffer = new byte[20];
        Array.Fill(buffer, (byte)0xEE);
        Assert.Equal(8, await reader.ReadAsync(0, buffer, CancellationToken.None));
        Assert.Equal("hell\0\0\0\0"u8.ToArray(), buffer[..8]);
        Assert.Equal(3, reader.Read(5, buffer));
        Assert.Equal([0, 0, 0], buffer[..3]);
        Assert.Equal(2, reader.Read(2, buffer.AsSpan(0, 2)));
        Assert.Equal("ll"u8.ToArray(), buffer[..2]);
        Assert.Equal(0, reader.Read(8, buffer));
        Assert.Equal(0, reader.Read(800, buffer));
    }

    [Fact]
    public void Open_NoBlob_ReadsZeros()
    {
        using ContentReader reader = _contents.Open(new ContentExtent(new InodeId(5), 0, 0, 3));
        byte[] buffer = [1, 2, 3, 4];
        Assert.Equal(3, reader.Read(0, buffer));
        Assert.Equal([0, 0, 0, 4], buffer);
    }

    [Fact]
    public void Open_MissingOrShortFile_IsAnIoError()
    {
        Assert.Equal(FsErrno.Io, Assert.Throws<StoreException>(() => _contents.Open(new ContentExtent(new InodeId(5), 1, 3, 3))).Errno);
        Publish(new InodeId(5), 1, "ab"u8);
        using ContentReader reader = _contents.Open(new ContentExtent(new InodeId(5), 1, 3, 3));
        Assert.Equal(FsErrno.Io, Assert.Throws<StoreException>(() => reader.Read(0, new byte[3])).Errno);
    }

    [Fact]
    public void Stage_LeftBehind_IsGoneAfterTheNextStart()
    {
        StagedContent dropped = _contents.Stage();
        dropped.Write("x"u8);
        dropped.Dispose();
        StagedContent killed = _contents.Stage();
        killed.Write("y"u8);
        Publish(new InodeId(7), 1, "kept"u8);
        Assert.Single(StagingFiles());
        ContentStore next = new(_temporary.Path);
        Assert.Empty(StagingFiles());
        ContentFile file = Assert.Single(next.Files());
        Assert.Equal((new InodeId(7), 1L, 4L), (file.Ino, file.Version, file.Length));

        string[] StagingFiles() => Directory.GetFiles(Path.Combine(_temporary.Path, "content", "STAGING"));
    }

    [Fact]
    public void Delete_WhileBeingRead_LetsTheReaderFinish()
    {
        Publish(new InodeId(7), 1, "kept"u8);
        using ContentReader reader = _contents.Open(new ContentExtent(new InodeId(7), 1, 4, 4));
        _contents.Delete(new InodeId(7), 1);
        _contents.Delete(new InodeId(7), 1);
        Assert.Equal(4, reader.Read(0, new byte[4]));
        Assert.Empty(_contents.Files());
    }

    private void Publish(InodeId ino, long version, ReadOnlySpan<byte> bytes)
    {
        using StagedContent staged = _contents.Stage();
        staged.Write(bytes);
        _contents.Publish(staged, ino, version);
    }
}
