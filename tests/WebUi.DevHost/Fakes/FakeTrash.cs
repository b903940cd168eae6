using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>What was moved to the trash of the fake, the newest first. Guarded by itself.</summary>
public sealed class FakeTrash(FakeFileSystem files)
{
    private readonly Lock _lock = new();
    private readonly List<(TrashEntry Entry, FakeInode Inode)> _entries = [];

    internal TrashPlace Put(Caller caller, InodeId directory, FileName name, FakeInode inode)
    {
        lock (_lock)
        {
            TrashId id = new(caller.Uid, files.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000, inode.Attributes.Ino);
            FileName[] path = [.. files.PathOf(directory).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(FileName.Create), name];
            // The newest first, and those of one moment by their numbers.
            int at = _entries.FindIndex(e => IsBehind(e.Entry.Id, id));
            _entries.Insert(at < 0 ? _entries.Count : at, (new TrashEntry(id, inode.Attributes, directory, path), inode));
            return new TrashPlace(id, directory, name);
        }
    }

    public IReadOnlyList<TrashEntry> List(TrashId? after, int count)
    {
        lock (_lock)
        {
            int first = after is { } last ? _entries.FindIndex(e => IsBehind(e.Entry.Id, last)) : 0;
            return first < 0 ? [] : [.. _entries.Skip(first).Take(count).Select(e => e.Entry)];
        }
    }

    private static bool IsBehind(TrashId id, TrashId other) => id.ToName().CompareTo(other.ToName()) > 0;

    internal FsErrno Restore(TrashPlace place)
    {
        lock (_lock)
        {
            int at = _entries.FindIndex(e => e.Entry.Id == place.Id);
            if (at < 0)
                return FsErrno.NoEntry;
            if (files.TryDirectoryOf(place.Directory) is not { } home)
                return FsErrno.Stale;
            if (home.Find(place.Name) is not null)
                return FsErrno.Exists;
            home.Put(place.Name, _entries[at].Inode);
            _entries.RemoveAt(at);
            return FsErrno.Ok;
        }
    }

    internal FsErrno Purge(TrashId id)
    {
        lock (_lock)
            return _entries.RemoveAll(e => e.Entry.Id == id) > 0 ? FsErrno.Ok : FsErrno.NoEntry;
    }

    internal FsErrno PurgeBefore(DateTimeOffset moment)
    {
        lock (_lock)
            _entries.RemoveAll(e => e.Entry.Id.RemovedAt < moment);
        return FsErrno.Ok;
    }
}
