using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>
/// Who was told what of which version of a directory, in the order of the one clock. The MDS numbers every change of a directory, so
/// a history is linearizable when what is told never goes back: a read that begins after another read or a write has ended sees
/// no older version than that.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<FsOperation, List<(InodeId Dir, DirectoryVersion Version)>> _changes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<InodeId, DirectoryVersion> _written = [];

    /// <summary>Off where nobody's acks are waited for.</summary>
    public bool IsStrict { get; init; } = true;

    /// <summary>The MDS has made these changes for this operation; when it was made again, the last time counts.</summary>
    public void OnPublished(FsOperation operation, IReadOnlyList<DirectoryDelta> changes) => _changes[operation] = [.. changes.Select(c => (c.Dir, c.To))];

    /// <summary>Its user was told that it is done. Returns the directories that it changed.</summary>
    public IEnumerable<InodeId> Written(FsOperation operation)
    {
        foreach ((InodeId dir, DirectoryVersion version) in _changes.GetValueOrDefault(operation) ?? [])
        {
            if (_written.GetValueOrDefault(dir) < version)
                _written[dir] = version;
            yield return dir;
        }
    }

    /// <summary>A listing that is taken for live is not older than what any writer was told is done.</summary>
    public string? IsBehind(SimulatedGateway gateway, InodeId dir, bool isAlive) =>
        IsStrict && isAlive && gateway.Core.Directories.Find(dir) is { } directory && directory.Version < _written.GetValueOrDefault(dir) && gateway.Core.Directories.IsLive(directory)
            ? $"{gateway.Name} believes in {dir} {directory.Version}, and a writer was told of {_written[dir]}"
            : null;
}
