using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Integration.Tests;

/// <summary>Directories of many files for a job of each kind, and how they must be in the end. One version of a directory a change: none was made twice.</summary>
internal sealed class JobPlaces
{
    private const uint Mode = 0x180;

    private readonly Dictionary<string, (InodeId Ino, List<DirectoryEntry> Entries)> _full = [];
    private readonly Dictionary<string, InodeId> _empty = [];
    private readonly Dictionary<InodeId, DirectoryVersion> _before = [];
    private InodeAttributes _tree = null!;
    private int _files;

    public static async Task<JobPlaces> MakeAsync(IFileSystemClient client, int files)
    {
        JobPlaces places = new() { _files = files };
        foreach (string name in new[] { "delete", "move", "copy", "mode" })
        {
            InodeId ino = await client.FillAsync(name, files);
            places._full.Add(name, (ino, [.. (await client.ListAsync(ino)).Select(r => r.Entry)]));
        }
        foreach (string name in new[] { "moved", "copied" })
            places._empty.Add(name, (await client.MakeDirectory(Caller.Root, InodeId.Root, name.Name(), 0x1FF).Ok()).Ino);
        foreach (InodeId ino in places._full.Values.Select(p => p.Ino).Concat(places._empty.Values))
            places._before.Add(ino, await VersionAsync(client, ino));
        places._tree = (await client.ResolveAsync(Caller.Root, "mode".Path()).Soon()).Ok().Attributes;
        return places;
    }

    public void Ask(IFileSystemClient client)
    {
        client.RemoveMany(Caller.Root, _full["delete"].Ino, _full["delete"].Entries);
        client.Transfer(Transfer(JobKind.Move, "move", "moved"));
        client.Transfer(Transfer(JobKind.Copy, "copy", "copied"));
        client.ChangeAttributes(Caller.Root, [(InodeId.Root, new DirectoryEntry("mode".Name(), _tree))], new AttributeChange { ClearBits = 0x1FF, SetBits = Mode }, enclosed: true);
    }

    public async Task AssertDoneAsync(IFileSystemClient client)
    {
        Assert.Empty(await EntriesAsync(client, _full["delete"].Ino, changes: _files));
        Assert.Empty(await EntriesAsync(client, _full["move"].Ino, changes: _files));
        Assert.Equal(_full["move"].Entries.Select(e => (e.Name, e.Attributes.Ino)), (await EntriesAsync(client, _empty["moved"], changes: _files)).Select(e => (e.Name, e.Attributes.Ino)));
        Assert.Equal(_full["copy"].Entries, await EntriesAsync(client, _full["copy"].Ino, changes: 0));
        Assert.Equal(_full["copy"].Entries.Select(e => e.Name), (await EntriesAsync(client, _empty["copied"], changes: _files)).Select(e => e.Name));
        List<DirectoryEntry> changed = await EntriesAsync(client, _full["mode"].Ino, changes: _files + 1); // Its own attributes, too.
        Assert.Equal(_full["mode"].Entries.Select(e => (e.Name, e.Attributes.Ino)), changed.Select(e => (e.Name, e.Attributes.Ino)));
        Assert.All(changed, e => Assert.Equal(Mode, e.Attributes.Mode & InodeAttributes.PermissionMask));
        Assert.Equal(Mode, (await client.ResolveAsync(Caller.Root, "mode".Path()).Soon()).Ok().Attributes.Mode & InodeAttributes.PermissionMask);
    }

    private TransferRequest Transfer(JobKind kind, string from, string to) => new()
    {
        Kind = kind,
        Title = $"{kind} {from}",
        Caller = Caller.Root,
        Items = [.. _full[from].Entries.Select(e => TransferItem.Into(_empty[to], _full[from].Ino, e))],
    };

    private async Task<List<DirectoryEntry>> EntriesAsync(IFileSystemClient client, InodeId directory, int changes)
    {
        List<DirectoryEntry> entries = [.. (await client.ListAsync(directory)).Select(r => r.Entry)];
        Assert.Equal(_before[directory].Value + changes, (await VersionAsync(client, directory)).Value);
        return entries;
    }

    private static async Task<DirectoryVersion> VersionAsync(IFileSystemClient client, InodeId directory)
    {
        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, directory).Soon()).Ok();
        return client.Snapshot().Directories.Single(d => d.Ino == directory).Version;
    }
}
