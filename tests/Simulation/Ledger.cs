using Capstan.ClientGateway;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>
/// Every operation that was asked for, and what the tree must be by their outcomes: each success applied once, each failure not at
/// all. An operation whose session was lost, or whose gateway was killed, may or may not have been applied.
/// </summary>
internal sealed class Ledger
{
    private readonly List<TrackedOperation> _asked = [];
    private readonly Dictionary<GatewayCore, List<TrackedOperation>> _open = [];
    private readonly HashSet<TrackedOperation> _lost = [];
    private readonly Dictionary<(GatewayCore Core, InodeId Dir, FileName Name), List<(TrackedOperation Unlink, long Moment, bool WasAhead)>> _unlinks = [];

    public int Count => _asked.Count;

    public int Succeeded => _asked.Count(o => o.State == OperationState.Done);

    public int Unlinks => _asked.Count(o => o.Kind == OperationKind.Unlink);

    public int Asynchronous => _asked.Count(o => o.IsAsynchronous);

    public void Add(GatewayCore core, TrackedOperation operation, long moment)
    {
        _asked.Add(operation);
        if (operation.Kind is OperationKind.Unlink or OperationKind.Rmdir)
        {
            if (!_unlinks.TryGetValue((core, operation.Directory, operation.Name), out var unlinks))
                _unlinks.Add((core, operation.Directory, operation.Name), unlinks = []);
            unlinks.Add((operation, moment, operation.IsAsynchronous));
        }
        if (!_open.TryGetValue(core, out List<TrackedOperation>? open))
            _open.Add(core, open = []);
        open.Add(operation);
    }

    /// <summary>An unlink of the name went ahead of its reply and has not been done: its lookups may have been told that it is.</summary>
    public bool MayAssumeGone(GatewayCore core, InodeId dir, FileName name) =>
        _unlinks.TryGetValue((core, dir, name), out var unlinks) && unlinks.Exists(u => u.Unlink.IsAsynchronous && u.Unlink.State != OperationState.Done);

    /// <summary>An unlink of this inode went ahead of its reply, at once and before the given moment, and has not failed.</summary>
    public bool IsAssumedGone(GatewayCore core, InodeId dir, FileName name, InodeId ino, long moment) =>
        _unlinks.TryGetValue((core, dir, name), out var unlinks)
        && unlinks.Exists(u => u.Moment < moment && u.Unlink is { IsAsynchronous: true, State: OperationState.Sent or OperationState.Done } && Victim(u.Unlink) == ino && u.WasAhead);

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
    }

    public List<string> Check(Dictionary<InodeId, List<DirectoryEntry>> tree)
    {
        List<string> wrong = [];
        foreach (TrackedOperation o in _asked.Where(o => !o.IsTerminal && !_lost.Contains(o)))
            wrong.Add($"{Describe(o)} has not ended");

        var places = tree.SelectMany(d => d.Value.Select(e => (Dir: d.Key, e.Name, e.Attributes))).ToLookup(p => p.Attributes.Ino);
        Dictionary<InodeId, TrackedOperation> made = [];
        foreach (TrackedOperation o in _asked.Where(o => o.State == OperationState.Done && o.Request is CreateOperation or MkdirOperation or SymlinkOperation))
        {
            if (!made.TryAdd(Result(o).Ino, o))
                wrong.Add($"{Describe(o)} and {Describe(made[Result(o).Ino])} were told the same inode");
        }
        int unknownMade = _asked.Count(o => IsUnknown(o) && o.Request is CreateOperation or MkdirOperation or SymlinkOperation);
        string[] nobodys = [.. places.Where(p => !made.ContainsKey(p.Key)).SelectMany(p => p.Select(e => $"{e.Dir}/{e.Name} ino {e.Attributes.Ino}"))];
        if (places.Count(p => !made.ContainsKey(p.Key)) > unknownMade)
            wrong.Add($"made without anybody being told: {string.Join(", ", nobodys)}");

        ILookup<InodeId, TrackedOperation> removals = Of(o => o.Request is UnlinkOperation or RmdirOperation, Victim);
        ILookup<InodeId, TrackedOperation> links = Of(o => o.Kind == OperationKind.Link, Source);
        ILookup<InodeId, TrackedOperation> renames = Of(o => o.Kind == OperationKind.Rename, Source);
        ILookup<InodeId, TrackedOperation> chmods = Of(o => o.Kind == OperationKind.SetAttributes, o => ((SetAttrOperation)o.Request).Target.Ino);
        TrackedOperation[] replacing = [.. _asked.Where(o => Applied(o) && o.Request is RenameOperation { NoReplace: false })];
        foreach ((InodeId ino, TrackedOperation maker) in made)
        {
            HashSet<(InodeId, FileName)> possible = [(maker.Directory, maker.Name)];
            possible.UnionWith(links[ino].Where(Applied).Select(o => (o.Directory, o.Name)));
            possible.UnionWith(renames[ino].Where(Applied).Select(o => o.Second));
            // A rename that replaces says nothing of what it replaced.
            int replaced = replacing.Count(o => Source(o) != ino && possible.Contains(o.Second));
            int names = 1 + Done(links[ino]) - Done(removals[ino]);
            int atMost = names + links[ino].Count(IsUnknown), atLeast = names - removals[ino].Count(IsUnknown) - replaced;
            int there = places[ino].Count();
            if (there < atLeast || there > atMost)
                wrong.Add($"ino {ino} of {Describe(maker)} has {there} names, expected {atLeast} to {atMost}: {History(ino)}");
            HashSet<uint> modes = [Result(maker).Mode, .. chmods[ino].Where(Applied).Select(o => (Result(maker).Mode & InodeAttributes.TypeMask) | ((SetAttrOperation)o.Request).Mode!.Value)];
            foreach (var place in places[ino])
            {
                if (!possible.Contains((place.Dir, place.Name)))
                    wrong.Add($"ino {ino} is at {place.Dir}/{place.Name}, where nobody was told that it is: {History(ino)}");
                if (!modes.Contains(place.Attributes.Mode))
                    wrong.Add($"ino {ino} has mode {place.Attributes.Mode:X}, which nobody was told: {History(ino)}");
                if (!place.Attributes.IsDirectory && place.Attributes.Nlink != there)
                    wrong.Add($"ino {ino} has {there} names and nlink {place.Attributes.Nlink}");
            }
        }
        return wrong;
    }

    private bool IsUnknown(TrackedOperation o) => o is { State: OperationState.Failed, Errno: FsErrno.KeyExpired } || _lost.Contains(o);

    private bool Applied(TrackedOperation o) => o.State == OperationState.Done || IsUnknown(o);

    private static int Done(IEnumerable<TrackedOperation> operations) => operations.Count(o => o.State == OperationState.Done);

    private static InodeAttributes Result(TrackedOperation o) => o.Completion.Result.Value!;

    private static InodeId Victim(TrackedOperation o) => o.Request is UnlinkOperation u ? u.Ino : ((RmdirOperation)o.Request).Ino;

    private static InodeId Source(TrackedOperation o) => o.Request is LinkOperation l ? l.Source.Ino : ((RenameOperation)o.Request).Source.Ino;

    private static string Describe(TrackedOperation o) => $"{o.Kind} {o.Directory}/{o.Name}{(o.Second.Dir.IsNone ? "" : $" ({o.Second.Dir}/{o.Second.Name})")} {o.State} {o.Errno}";

    private ILookup<InodeId, TrackedOperation> Of(Func<TrackedOperation, bool> which, Func<TrackedOperation, InodeId> ino) => _asked.Where(which).ToLookup(ino);

    private string History(InodeId ino) => string.Join("; ", _asked.Where(o => o.Request switch
    {
        UnlinkOperation u => u.Ino == ino,
        RmdirOperation r => r.Ino == ino,
        RenameOperation r => r.Source.Ino == ino,
        LinkOperation l => l.Source.Ino == ino,
        SetAttrOperation s => s.Target.Ino == ino,
        _ => false,
    }).Select(Describe));
}
