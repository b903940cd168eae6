using System.IO.Compression;
using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.Transfers.Archives;
using Capstan.WebUi.ViewModels.Archives;

namespace Capstan.WebUi.Tests.Transfers.Archives;

public sealed class ArchiveStreamTests
{
    private static readonly Caller Somebody = new(1000, 1000, []);

    private readonly FakeFileSystem _files = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_OddNames_AreInItByteForByte()
    {
        string[] names = ["100%41.txt", "#hash", "a&b+c=d?", "-leading dash", "new\nline", "quote\"'`", "back\\slash", "ünïcödé 日本語 🎉", "\u202Egpj.exe", ".hidden", new string('x', 255)];
        foreach (string name in names)
            Put(_files.Root, FileName.Create(name), _files.NewFile(content: Encoding.UTF8.GetBytes(name)));
        FileName raw = FileName.Create([0x66, 0xFF, 0xFE, 0x6F]);
        Put(_files.Root, raw, _files.NewFile(content: [1, 2, 3]));

        byte[] bytes = await PackAsync();

        // What is no UTF-8 is not said to be: readers then take bytes for bytes, here those of Latin 1.
        using ZipArchive zip = new(new MemoryStream(bytes), ZipArchiveMode.Read, leaveOpen: false, Encoding.Latin1);
        Assert.Equal(names.Length + 1, zip.Entries.Count);
        foreach (string name in names)
            Assert.Equal(Encoding.UTF8.GetBytes(name), Read(zip, name));
        Assert.Equal([1, 2, 3], Read(zip, "fÿþo"));
    }

    [Fact]
    public async Task Write_Tree_HasFoldersEmptyOnesLinksModesAndTimes()
    {
        DateTimeOffset modified = new(2021, 3, 4, 5, 6, 8, TimeSpan.Zero);
        FakeInode folder = _files.NewDirectory(0x1C0); // 0700
        Put(_files.Root, "folder", folder);
        Put(folder, "empty", _files.NewDirectory());
        Put(folder, "deep.txt", _files.NewFile(content: "deep"u8.ToArray(), modified: modified));
        Put(folder, "nothing.txt", _files.NewFile(content: []));
        Put(folder, "circle", _files.NewSymlink("../folder"));
        Put(_files.Root, "passwd", _files.NewSymlink("/etc/passwd"));

        using ZipArchive zip = new(new MemoryStream(await PackAsync()));

        Assert.Equal(["folder/", "folder/circle", "folder/deep.txt", "folder/empty/", "folder/nothing.txt", "passwd"], zip.Entries.Select(e => e.FullName));
        Assert.Equal("deep"u8.ToArray(), Read(zip, "folder/deep.txt"));
        Assert.Empty(Read(zip, "folder/nothing.txt"));
        Assert.Equal(modified.UtcDateTime, zip.GetEntry("folder/deep.txt")!.LastWriteTime.DateTime);
        Assert.Equal(0x41C0, zip.GetEntry("folder/")!.ExternalAttributes >> 16);
        Assert.Equal(0xA1FF, (zip.GetEntry("passwd")!.ExternalAttributes >> 16) & 0xFFFF);
        Assert.Equal("/etc/passwd"u8.ToArray(), Read(zip, "passwd"));
        Assert.Equal("../folder"u8.ToArray(), Read(zip, "folder/circle"));
    }

    [Fact]
    public async Task Write_WhatCannotBeRead_IsToldInTheLastFileAndTheRestIsThere()
    {
        FakeInode refused = _files.NewFile(content: "secret"u8.ToArray());
        refused.ContentFails = FsErrno.AccessDenied;
        FakeInode large = _files.NewFile(1_000_000);
        large.ContentFails = FsErrno.Io;
        Put(_files.Root, "a refused.txt", refused);
        Put(_files.Root, "b large.bin", large);
        Put(_files.Root, "c private", _files.NewDirectory(0));
        Put(_files.Root, "d fine.txt", _files.NewFile(content: "fine"u8.ToArray()));
        Put(_files.Root, "NOT IN THIS ARCHIVE.txt", _files.NewFile(content: "one of the user's"u8.ToArray()));

        using ZipArchive zip = new(new MemoryStream(await PackAsync()));

        Assert.Equal(["NOT IN THIS ARCHIVE.txt", "c private/", "d fine.txt", "_NOT IN THIS ARCHIVE.txt"], zip.Entries.Select(e => e.FullName));
        string report = Encoding.UTF8.GetString(Read(zip, "_NOT IN THIS ARCHIVE.txt"));
        Assert.Contains("These 3 could not be put into the archive:", report, StringComparison.Ordinal);
        Assert.Contains("a refused.txt: You have no permission.", report, StringComparison.Ordinal);
        Assert.Contains("b large.bin: The storage reported an error.", report, StringComparison.Ordinal);
        Assert.Contains("c private: You have no permission.", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AFileThatBreaksInItsMiddle_BreaksTheArchive()
    {
        FakeInode broken = _files.NewFile(1_000_000);
        broken.ContentFails = FsErrno.Io;
        broken.ContentFailsAfter = 500_000;
        Put(_files.Root, "broken.bin", broken);
        await Assert.ThrowsAsync<IOException>(() => PackAsync());
    }

    [Theory]
    [InlineData("..\\..\\evil.txt", "..%5C..%5Cevil.txt")]
    [InlineData("\\evil.txt", "%5Cevil.txt")]
    [InlineData("C:evil.txt", "C%3Aevil.txt")]
    [InlineData("a\\b.txt", "a\\b.txt")]
    [InlineData("..evil", "..evil")]
    [InlineData("12:30.txt", "12:30.txt")]
    public async Task Write_ANameThatLeadsOutElsewhere_IsMadeHarmless(string name, string packed)
    {
        Put(_files.Root, name, _files.NewFile(content: "x"u8.ToArray()));
        using ZipArchive zip = new(new MemoryStream(await PackAsync()));
        Assert.Equal(packed, zip.Entries.Single().FullName);
    }

    [Fact]
    public async Task Write_MoreEntriesThanSixteenBitsCount_AllAreFound()
    {
        const int many = 70_000;
        FakeInode folder = _files.NewDirectory();
        folder.Directory!.Generate(many, i => FileName.Create($"file-{i:000000}.txt"), _ => _files.NewFile(content: []));
        folder.Attributes = folder.Attributes with { Size = many };
        Put(_files.Root, "many", folder);
        using ZipArchive zip = new(new MemoryStream(await PackAsync()));
        Assert.Equal(many + 1, zip.Entries.Count);
        Assert.Equal("many/file-069999.txt", zip.Entries[^1].FullName);
    }

    [Fact]
    public async Task Write_AFileBeyondFourGiB_HasItsSizeInSixtyFourBits()
    {
        // Announced, not sent: what counts is the header that has to be written before the bytes.
        MemoryStream bytes = new();
        ZipWriter zip = new(bytes);
        ZipEntry entry = new(Encoding.UTF8.GetBytes("large.bin"), InodeAttributes.ModeOf(FileKind.File, 0x1A4), 0, 5L << 30);
        await zip.AddAsync(entry, async into =>
        {
            await into.WriteAsync(new byte[1000], Cancellation);
            return FsErrno.Ok;
        }, Cancellation);
        await zip.FinishAsync(Cancellation);
        Assert.Equal(45, BitConverter.ToUInt16(bytes.ToArray(), 4));
        Assert.Equal(uint.MaxValue, BitConverter.ToUInt32(bytes.ToArray(), 22));
        using ZipArchive read = new(new MemoryStream(bytes.ToArray()));
        Assert.Equal(1000, read.Entries.Single().Length);
        Assert.Equal(1000, Read(read, "large.bin").Length);
    }

    private async Task<byte[]> PackAsync()
    {
        using IDirectoryView view = (await _files.OpenDirectoryAsync(Somebody, _files.Root.Attributes.Ino, cancellation: Cancellation)).Value!;
        List<DirectoryEntry> entries = [.. (await view.ReadAsync(0, 1000, Cancellation)).Value!.Select(r => r.Entry)];
        MemoryStream packed = new();
        await new ArchiveStream(_files, new ArchiveTicket(Somebody, FileName.Create("all"), ArchiveRoot.Of(_files.Root.Attributes.Ino, entries)), TimeProvider.System).WriteAsync(new Forward(packed), Cancellation);
        return packed.ToArray();
    }

    private static byte[] Read(ZipArchive zip, string name)
    {
        using Stream content = zip.GetEntry(name)!.Open();
        MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Put(FakeInode directory, string name, FakeInode inode) => Put(directory, FileName.Create(name), inode);

    private static void Put(FakeInode directory, FileName name, FakeInode inode)
    {
        directory.Directory!.Put(name, inode);
        directory.Attributes = directory.Attributes with { Size = directory.Directory.Count };
    }

    /// <summary>As a response's body is: written to once, forward, never on a thread that waits.</summary>
    private sealed class Forward(Stream into) : WriteOnlyStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => into.WriteAsync(buffer, cancellationToken);
    }
}
