using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Integration.Tests;

/// <summary>What POSIX forbids, and what it allows with care, asked for through a gateway.</summary>
public sealed class NamespaceRulesTests(SharedMds shared) : IClassFixture<SharedMds>
{
    private IFileSystemClient Client => shared.Bystander.Client;

    [Fact]
    public async Task Unlink_OfADirectory_AndRmdir_OfAFullOneOrAFile_AreRefused()
    {
        InodeId parent = await shared.DirectoryAsync();
        InodeAttributes directory = await Client.MakeDirectory(Caller.Root, parent, "d".Name(), 0x1FF).Ok();
        InodeAttributes inner = await Client.CreateFile(Caller.Root, directory.Ino, "inner".Name(), 0x1A4).Ok();
        InodeAttributes file = await Client.CreateFile(Caller.Root, parent, "f".Name(), 0x1A4).Ok();
        // The gateway chooses by what it is shown: show it the wrong thing.
        InodeAttributes disguised = directory with { Mode = file.Mode };
        Assert.Equal(FsErrno.IsDirectory, await Client.Remove(Caller.Root, parent, new DirectoryEntry("d".Name(), disguised)).ErrnoAsync());
        Assert.Equal(FsErrno.NotEmpty, await Client.Remove(Caller.Root, parent, new DirectoryEntry("d".Name(), directory)).ErrnoAsync());
        Assert.Equal(FsErrno.NotDirectory, await Client.Remove(Caller.Root, parent, new DirectoryEntry("f".Name(), file with { Mode = directory.Mode })).ErrnoAsync());
        Assert.Equal(["d", "f"], (await Client.ListAsync(parent)).Names());
        Assert.Equal(inner.Ino, (await Client.ListAsync(directory.Ino)).Single().Entry.Attributes.Ino);
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task Rename_OfADirectoryUnderItself_IsRefused()
    {
        InodeId parent = await shared.DirectoryAsync();
        InodeAttributes a = await Client.MakeDirectory(Caller.Root, parent, "a".Name(), 0x1FF).Ok();
        InodeAttributes b = await Client.MakeDirectory(Caller.Root, a.Ino, "b".Name(), 0x1FF).Ok();
        InodeAddress source = new(parent, "a".Name(), a.Ino);
        Assert.Equal(FsErrno.Invalid, await Client.Rename(Caller.Root, source, a.Ino, "x".Name(), noReplace: false).ErrnoAsync());
        Assert.Equal(FsErrno.Invalid, await Client.Rename(Caller.Root, source, b.Ino, "x".Name(), noReplace: false).ErrnoAsync());
        Assert.Equal(["a"], (await Client.ListAsync(parent)).Names());
        Assert.Equal(["b"], (await Client.ListAsync(a.Ino)).Names());
        Assert.Empty(await Client.ListAsync(b.Ino));
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task Rename_OntoDirectories_ReplacesOnlyAnEmptyOne()
    {
        InodeId parent = await shared.DirectoryAsync();
        InodeAttributes full = await Client.MakeDirectory(Caller.Root, parent, "full".Name(), 0x1FF).Ok();
        await Client.CreateFile(Caller.Root, full.Ino, "inner".Name(), 0x1A4).Ok();
        await Client.MakeDirectory(Caller.Root, parent, "empty".Name(), 0x1FF).Ok();
        InodeAttributes moved = await Client.MakeDirectory(Caller.Root, parent, "moved".Name(), 0x1FF).Ok();
        InodeAttributes file = await Client.CreateFile(Caller.Root, parent, "file".Name(), 0x1A4).Ok();
        InodeAddress source = new(parent, "moved".Name(), moved.Ino);
        Assert.Equal(FsErrno.NotEmpty, await Client.Rename(Caller.Root, source, parent, "full".Name(), noReplace: false).ErrnoAsync());
        Assert.Equal(FsErrno.Exists, await Client.Rename(Caller.Root, source, parent, "empty".Name(), noReplace: true).ErrnoAsync());
        Assert.Equal(FsErrno.NotDirectory, await Client.Rename(Caller.Root, source, parent, "file".Name(), noReplace: false).ErrnoAsync());
        Assert.Equal(FsErrno.IsDirectory, await Client.Rename(Caller.Root, new InodeAddress(parent, "file".Name(), file.Ino), parent, "empty".Name(), noReplace: false).ErrnoAsync());
        await Client.Rename(Caller.Root, source, parent, "empty".Name(), noReplace: false).Ok();
        List<DirectoryRow> rows = await Client.ListAsync(parent);
        Assert.Equal(["empty", "file", "full"], rows.Names());
        Assert.Equal(moved.Ino, rows[0].Entry.Attributes.Ino);
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task Rename_OverAFile_ReplacesItAndItsContentGoes()
    {
        InodeId parent = await shared.DirectoryAsync();
        InodeAddress old = await Client.WriteFileAsync(parent, "old", new byte[5000]);
        InodeAddress source = await Client.WriteFileAsync(parent, "new", [1, 2, 3]);
        Assert.Equal(FsErrno.Exists, await Client.Rename(Caller.Root, source, parent, old.Name, noReplace: true).ErrnoAsync());
        await Client.Rename(Caller.Root, source, parent, old.Name, noReplace: false).Ok();
        List<DirectoryRow> rows = await Client.ListAsync(parent);
        Assert.Equal(["old"], rows.Names());
        Assert.Equal(source.Ino, rows[0].Entry.Attributes.Ino);
        Assert.Equal([1, 2, 3], await Client.ReadFileAsync(source with { Name = old.Name }));
        Assert.Equal(FsErrno.Stale, await Client.ReadContentAsync(Caller.Root, old, 0, -1, Stream.Null).Soon());
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task HardLink_OneNameUnlinked_TheOtherLives()
    {
        InodeId parent = await shared.DirectoryAsync();
        InodeId elsewhere = await shared.DirectoryAsync();
        InodeAddress first = await Client.WriteFileAsync(parent, "first", [7, 7]);
        InodeAttributes linked = await Client.Link(Caller.Root, first, elsewhere, "second".Name()).Ok();
        Assert.Equal(2u, linked.Nlink);
        InodeAddress second = new(elsewhere, "second".Name(), first.Ino);
        DirectoryRow row = (await Client.ListAsync(parent)).Single();
        Assert.Equal(2u, row.Entry.Attributes.Nlink);
        PendingOperation removal = Client.Remove(Caller.Root, parent, row.Entry);
        await removal.Ok();
        Assert.Equal((false, FallbackReason.HardLinked), (removal.IsAsynchronous, removal.Fallback));
        Assert.Empty(await Client.ListAsync(parent));
        Assert.Equal(1u, (await Client.ListAsync(elsewhere)).Single().Entry.Attributes.Nlink);
        Assert.Equal([7, 7], await Client.ReadFileAsync(second));
        Assert.Equal(FsErrno.NoEntry, (await Client.GetAttributesAsync(Caller.Root, first).Soon()).Errno);
        await Client.Remove(Caller.Root, elsewhere, (await Client.ListAsync(elsewhere)).Single().Entry).Ok();
        Assert.Empty(await Client.ListAsync(elsewhere));
        await shared.AssertAliveAsync();
    }
}
