using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>
/// Who was told what of which version of a directory, in the order of the one clock. The MDS numbers every change of a directory, so
/// a history is linearizable when what is told never goes back: a read that begins after another read or a write has ended sees no
/// older version than that. A gateway that is not strict promises as much to its own readers only.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<FsOperation, List<(InodeId Dir, DirectoryVersion Version)>> _changes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<InodeId, List<(DirectoryVersion Version, FileName Name, InodeId Ino)>> _versions = [];
    private readonly Dictionary<(GatewayCore? Reader, InodeId Dir), List<(long Moment, DirectoryVersion Version, string What)>> _told = [];
    private readonly Dictionary<InodeId, DirectoryVersion> _written = [];

    /// <summary>Grows with every answer; a read remembers when it began.</summary>
    public long Moment { get; private set; }

    public long Reads { get; private set; }

    /// <summary>The MDS has made these changes, for this request if for one; when it was undone and made again, the last time counts.</summary>
    public void OnPublished(FsOperation? operation, IReadOnlyList<DirectoryDelta> changes)
    {
        if (operation is not null)
            _changes[operation] = [.. changes.Select(c => (c.Dir, c.To))];
        foreach (DirectoryDelta change in changes)
        {
            if (!_versions.TryGetValue(change.Dir, out var versions))
                _versions.Add(change.Dir, versions = []);
            int undone = versions.FindIndex(v => v.Version >= change.To);
            if (undone >= 0)
                versions.RemoveRange(undone, versions.Count - undone);
            if (change.Kind != DeltaKind.Self)
                versions.Add((change.To, change.Name, change.Kind == DeltaKind.Removed ? InodeId.None : change.Attributes!.Ino));
        }
    }

    /// <summary>Its user was told that it is done. Returns the directories that it changed.</summary>
    public IEnumerable<InodeId> Written(GatewayCore by, FsOperation operation) => Written(by, _changes.GetValueOrDefault(operation) ?? []);

    public IEnumerable<InodeId> Written(GatewayCore by, IEnumerable<(InodeId Dir, DirectoryVersion Version)> changes)
    {
        foreach ((InodeId dir, DirectoryVersion version) in changes)
        {
            if (_written.GetValueOrDefault(dir) < version)
                _written[dir] = version;
            Tell(by, dir, version, isShared: true, "a change");
            yield return dir;
        }
    }

    /// <summary>A listing that is taken for live is not older than what any writer was told is done.</summary>
    public string? IsBehind(SimulatedGateway gateway, InodeId dir, bool isAlive) =>
        gateway.Options.StrictDeltas && isAlive && gateway.Core.Directories.Find(dir) is { } directory && directory.Version < _written.GetValueOrDefault(dir) && gateway.Core.Directories.IsLive(directory)
            ? $"{gateway.Name} believes in {dir} {directory.Version}, and a writer was told of {_written[dir]}"
            : null;

    /// <summary>A listing, taken at one version, that began at <paramref name="began"/> and is told now. Returns what is wrong with it.</summary>
    public string? Listed(SimulatedGateway gateway, InodeId dir, DirectoryVersion version, long began, IReadOnlyList<(FileName Name, InodeId Ino)>? whole)
    {
        Reads++;
        (DirectoryVersion floor, string by) = FloorAt(gateway, dir, began);
        if (version < floor)
            return $"{gateway.Name} lists {dir} at {version}, after {by} had told of {floor}";
        if (whole is not null && !whole.OrderBy(r => r.Name).SequenceEqual(At(dir, version)))
            return $"{gateway.Name} lists {dir} at {version} as {Show(whole)}; it was {Show(At(dir, version))}";
        Tell(gateway.Core, dir, version, gateway.Options.StrictDeltas, $"a listing by {gateway.Name}");
        return null;
    }

    /// <summary>A name that was looked up, and the inode that was found, none when nothing was.</summary>
    public string? LookedUp(SimulatedGateway gateway, InodeId dir, FileName name, InodeId found, long began)
    {
        Reads++;
        (DirectoryVersion floor, string by) = FloorAt(gateway, dir, began);
        InodeId then = InodeId.None;
        DirectoryVersion? seen = null;
        foreach ((DirectoryVersion version, FileName of, InodeId ino) in _versions.GetValueOrDefault(dir) ?? [])
        {
            if (of != name)
                continue;
            if (version <= floor)
                then = ino;
            else if (ino == found && seen is null)
                seen = version;
        }
        if (then == found)
            seen = floor;
        if (seen is null)
            return $"{gateway.Name} finds {dir}/{name} to be {found}, after {by} had told of {floor}, at which it was {then}";
        Tell(gateway.Core, dir, seen.Value, gateway.Options.StrictDeltas, $"a lookup of {name} by {gateway.Name}");
        return null;
    }

    private List<(FileName Name, InodeId Ino)> At(InodeId dir, DirectoryVersion version)
    {
        SortedDictionary<FileName, InodeId> entries = [];
        foreach ((DirectoryVersion at, FileName name, InodeId ino) in _versions.GetValueOrDefault(dir) ?? [])
        {
            if (at > version)
                break;
            if (ino.IsNone)
                entries.Remove(name);
            else
                entries[name] = ino;
        }
        return [.. entries.Select(e => (e.Key, e.Value))];
    }

    private (DirectoryVersion Version, string What) FloorAt(SimulatedGateway gateway, InodeId dir, long began)
    {
        GatewayCore? reader = gateway.Options.StrictDeltas ? null : gateway.Core;
        if (!_told.TryGetValue((reader, dir), out var told))
            return (default, "nothing");
        int at = told.FindLastIndex(t => t.Moment <= began);
        return at < 0 ? (default, "nothing") : (told[at].Version, told[at].What);
    }

    private void Tell(GatewayCore by, InodeId dir, DirectoryVersion version, bool isShared, string what)
    {
        Moment++;
        Raise((by, dir), version, what);
        if (isShared)
            Raise((null, dir), version, what);
    }

    private void Raise((GatewayCore? Reader, InodeId Dir) key, DirectoryVersion version, string what)
    {
        if (!_told.TryGetValue(key, out var told))
            _told.Add(key, told = []);
        if (told.Count == 0 || told[^1].Version < version)
            told.Add((Moment, version, what));
    }

    private static string Show(IEnumerable<(FileName Name, InodeId Ino)> rows) => string.Join(' ', rows.Select(r => $"{r.Name}={r.Ino}"));
}
