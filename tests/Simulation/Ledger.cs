using Capstan.ClientGateway;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>
/// Every operation that was asked for, and what the tree must be by their outcomes: each success applied once, each failure not at
/// all. An operation whose session was lost, or whose gateway was killed, may or may not have been applied.
/// </summary>
/// <param name="isTrashPurged">What is in the trash goes with time.</param>
internal sealed partial class Ledger(bool isTrashPurged)
{
    private readonly List<TrackedOperation> _asked = [];
    private readonly Dictionary<GatewayCore, List<TrackedOperation>> _open = [];
    private readonly HashSet<TrackedOperation> _lost = [];
    private readonly Dictionary<GatewayCore, List<TrackedOperation>> _askedOf = [];
    private readonly List<ContentWrite> _contents = [];
    private readonly Dictionary<GatewayCore, List<ContentWrite>> _untold = [];
    private readonly Dictionary<(GatewayCore Core, InodeId Dir, FileName Name), List<(TrackedOperation Unlink, long Moment, bool WasAhead)>> _unlinks = [];

    public int Count => _asked.Count;

    public IReadOnlyList<ContentWrite> Contents => _contents;

    public int Succeeded => _asked.Count(o => o.State == OperationState.Done);

    public int Unlinks => _asked.Count(o => o.Kind == OperationKind.Unlink);

    public int Asynchronous => _asked.Count(o => o.IsAsynchronous);

    public void Add(GatewayCore core, TrackedOperation operation, long moment)
    {
        _asked.Add(operation);
        if (!_askedOf.TryGetValue(core, out List<TrackedOperation>? of))
            _askedOf.Add(core, of = []);
        of.Add(operation);
        if (operation.IsRemoval)
        {
            if (!_unlinks.TryGetValue((core, operation.Directory, operation.Name), out var unlinks))
                _unlinks.Add((core, operation.Directory, operation.Name), unlinks = []);
            unlinks.Add((operation, moment, operation.IsAsynchronous));
        }
        if (!_open.TryGetValue(core, out List<TrackedOperation>? open))
            _open.Add(core, open = []);
        open.Add(operation);
    }

    public void Add(ContentWrite write)
    {
        _contents.Add(write);
        if (!_untold.TryGetValue(write.Core, out List<ContentWrite>? untold))
            _untold.Add(write.Core, untold = []);
        untold.Add(write);
    }

    /// <summary>Contents asked of this gateway whose users have been told since the last look.</summary>
    public IReadOnlyList<ContentWrite> TakeTold(GatewayCore core)
    {
        if (!_untold.TryGetValue(core, out List<ContentWrite>? untold) || !untold.Exists(w => w.HasEnded))
            return [];
        List<ContentWrite> ended = untold.FindAll(w => w.HasEnded);
        untold.RemoveAll(w => w.HasEnded);
        return ended.FindAll(w => w.State == OperationState.Done);
    }

    /// <summary>What has been put into the trash by anybody; some of it may be there no more.</summary>
    public IReadOnlyList<TrashPlace> Trashed => [.. _asked.Select(o => o.Trashed).OfType<TrashPlace>()];

    /// <summary>How many failures of this directory its observers at this gateway are to be told of.</summary>
    public int Failures(GatewayCore core, InodeId dir) => _askedOf.GetValueOrDefault(core)?.Count(o => o.State == OperationState.Failed
        && (o.Directory == dir || (o.Kind == OperationKind.Rename && o.Second.Dir == dir))) ?? 0;

    /// <summary>An unlink of the name went ahead of its reply and has not been done: its lookups may have been told that it is.</summary>
    public bool MayAssumeGone(GatewayCore core, InodeId dir, FileName name) =>
        _unlinks.TryGetValue((core, dir, name), out var unlinks) && unlinks.Exists(u => u.Unlink.IsAsynchronous && u.Unlink.State != OperationState.Done);

    /// <summary>An unlink of this inode went ahead of its reply, at once and before the given moment, and has not failed.</summary>
    public bool IsAssumedGone(GatewayCore core, InodeId dir, FileName name, InodeId ino, long moment) =>
        _unlinks.TryGetValue((core, dir, name), out var unlinks)
        && unlinks.Exists(u => u.Moment < moment && u.Unlink is { IsAsynchronous: true, State: OperationState.Sent or OperationState.Done } && u.Unlink.Victim == ino && u.WasAhead)
        && !_asked.Exists(o => o.Request is RestoreOperation r && r.Id.Ino == ino); // It may have come back.

    /// <summary>Those asked of this gateway that have ended since the last look.</summary>
    public IReadOnlyList<TrackedOperation> TakeEnded(GatewayCore core)
    {
        if (!_open.TryGetValue(core, out List<TrackedOperation>? open) || !open.Exists(o => o.IsTerminal))
            return [];
        List<TrackedOperation> ended = open.FindAll(o => o.IsTerminal);
        open.RemoveAll(o => o.IsTerminal);
        return ended;
    }

    /// <summary>The gateway was killed: nobody will be told how its operations ended.</summary>
    public void Lose(GatewayCore core)
    {
        if (_open.Remove(core, out List<TrackedOperation>? open))
            _lost.UnionWith(open.Where(o => !o.IsTerminal));
        foreach (ContentWrite write in _contents.Where(w => w.Core == core))
            write.Lose();
    }
}
