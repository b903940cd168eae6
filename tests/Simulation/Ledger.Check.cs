using Capstan.ClientGateway;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

// What the tree and the trash must be by the outcomes.
internal sealed partial class Ledger
{
    /// <summary>An inode that somebody was told he has made, and where.</summary>
    private sealed record Made(InodeId Dir, FileName Name, InodeAttributes Attributes, string By);

    /// <param name="tree">By directory, the trash among them.</param>
    public List<string> Check(Dictionary<InodeId, List<DirectoryEntry>> tree, IReadOnlyList<TrashEntry> trash)
    {
        List<string> wrong = [];
        foreach (TrackedOperation o in _asked.Where(o => !o.IsTerminal && !_lost.Contains(o)))
            wrong.Add($"{Describe(o)} has not ended");
        foreach (ContentWrite c in _contents.Where(c => !c.HasEnded))
            wrong.Add($"{c} has not ended");

        var places = tree.SelectMany(d => d.Value.Select(e => (Dir: d.Key, e.Name, e.Attributes))).ToLookup(p => p.Attributes.Ino);
        Dictionary<InodeId, Made> made = [];
        foreach (Made one in AllMade())
        {
            if (!made.TryAdd(one.Attributes.Ino, one))
                wrong.Add($"{one.By} and {made[one.Attributes.Ino].By} were told the same inode");
        }
        int unknownMade = _asked.Count(o => IsUnknown(o) && o.Request is CreateOperation or MkdirOperation or SymlinkOperation) + _contents.Count(c => c.IsLost && c.IsNew);
        string[] nobodys = [.. places.Where(p => !made.ContainsKey(p.Key)).SelectMany(p => p.Select(e => $"{e.Dir}/{e.Name} ino {e.Attributes.Ino}"))];
        if (places.Count(p => !made.ContainsKey(p.Key)) > unknownMade)
            wrong.Add($"made without anybody being told: {string.Join(", ", nobodys)}");
        CheckTrash(trash, wrong);

        ILookup<InodeId, TrackedOperation> removals = Of(o => o.Request is UnlinkOperation or RmdirOperation, o => o.Victim);
        ILookup<InodeId, TrackedOperation> trashed = Of(o => o.Kind == OperationKind.Trash, o => o.Victim);
        ILookup<InodeId, TrackedOperation> restored = Of(o => o.Kind == OperationKind.Restore, o => ((RestoreOperation)o.Request).Id.Ino);
        ILookup<InodeId, TrackedOperation> purged = Of(o => o.Request is PurgeOperation, o => ((PurgeOperation)o.Request).Id.Ino);
        ILookup<InodeId, TrackedOperation> links = Of(o => o.Kind == OperationKind.Link, Source);
        ILookup<InodeId, TrackedOperation> renames = Of(o => o.Kind == OperationKind.Rename, Source);
        ILookup<InodeId, TrackedOperation> chmods = Of(o => o.Kind == OperationKind.SetAttributes, o => ((SetAttrOperation)o.Request).Target.Ino);
        ILookup<InodeId, ContentWrite> contents = _contents.Where(c => !c.IsNew && c.MayBeApplied).ToLookup(c => c.Target.Ino);
        TrackedOperation[] replacing = [.. _asked.Where(o => Applied(o) && o.Request is RenameOperation { NoReplace: false })];
        bool mayAllBePurged = isTrashPurged || _asked.Exists(o => Applied(o) && o.Request is PurgeTrashOperation);
        Dictionary<InodeId, bool> swallowed = [];
        foreach ((InodeId ino, Made maker) in made)
        {
            HashSet<(InodeId Dir, FileName Name)> possible = Possible(ino);
            // A rename that replaces says nothing of what it replaced, and a purge nothing of what was in the directory.
            int replaced = replacing.Count(o => Source(o) != ino && possible.Contains(o.Second));
            int wentAlong = possible.Count(p => IsSwallowed(p.Dir)) + (mayAllBePurged ? trashed[ino].Count(Applied) : 0);
            int names = 1 + Done(links[ino]) - Done(removals[ino]) - Done(purged[ino]);
            int atMost = names + links[ino].Count(IsUnknown), atLeast = names - removals[ino].Count(IsUnknown) - purged[ino].Count(IsUnknown) - replaced - wentAlong;
            int there = places[ino].Count();
            if (there < atLeast || there > atMost)
                wrong.Add($"ino {ino} of {maker.By} has {there} names, expected {atLeast} to {atMost}: {History(ino)}");
            HashSet<uint> modes = [maker.Attributes.Mode, .. chmods[ino].Where(Applied).Select(o => (maker.Attributes.Mode & InodeAttributes.TypeMask) | ((SetAttrOperation)o.Request).Mode!.Value)];
            HashSet<long> sizes = [.. contents[ino].Select(c => c.Size)];
            if (!contents[ino].Any(c => c.State == OperationState.Done))
                sizes.Add(maker.Attributes.Size);
            foreach (var place in places[ino])
            {
                if (!possible.Contains((place.Dir, place.Name)) && !(place.Dir == InodeId.Trash && trashed[ino].Any(Applied)))
                    wrong.Add($"ino {ino} is at {place.Dir}/{place.Name}, where nobody was told that it is: {History(ino)}");
                if (!modes.Contains(place.Attributes.Mode))
                    wrong.Add($"ino {ino} has mode {place.Attributes.Mode:X}, which nobody was told: {History(ino)}");
                if (!place.Attributes.IsDirectory && place.Attributes.Nlink != there)
                    wrong.Add($"ino {ino} has {there} names and nlink {place.Attributes.Nlink}");
                if (!place.Attributes.IsDirectory && !sizes.Contains(place.Attributes.Size))
                    wrong.Add($"ino {ino} shows {place.Attributes.Size} bytes, which is not what it should: {History(ino)}");
            }
        }
        return wrong;

        HashSet<(InodeId Dir, FileName Name)> Possible(InodeId ino)
        {
            HashSet<(InodeId, FileName)> possible = made.TryGetValue(ino, out Made? maker) ? [(maker.Dir, maker.Name)] : [];
            possible.UnionWith(links[ino].Where(Applied).Select(o => (o.Directory, o.Name)));
            possible.UnionWith(renames[ino].Where(Applied).Select(o => o.Second));
            possible.UnionWith(restored[ino].Where(Applied).Select(o => (o.Directory, o.Name)));
            return possible;
        }

        // It was in the trash, itself or with a directory above it, and has been purged.
        bool IsSwallowed(InodeId dir)
        {
            if (tree.ContainsKey(dir))
                return false;
            if (swallowed.TryGetValue(dir, out bool known))
                return known;
            swallowed[dir] = false; // A directory is not in itself.
            // Of one that nobody was told of nobody knows where it was.
            return swallowed[dir] = !made.ContainsKey(dir) || purged[dir].Any(Applied) || (mayAllBePurged && trashed[dir].Any(Applied)) || Possible(dir).Any(p => IsSwallowed(p.Dir));
        }
    }

    /// <summary>Each entry is where it was told to be found, knows where it came from, and what was purged is gone.</summary>
    private void CheckTrash(IReadOnlyList<TrashEntry> trash, List<string> wrong)
    {
        Dictionary<TrashId, TrackedOperation> told = [];
        foreach (TrackedOperation o in _asked.Where(o => o.Trashed is not null))
        {
            if (!told.TryAdd(o.Trashed!.Value.Id, o))
                wrong.Add($"{Describe(o)} and {Describe(told[o.Trashed.Value.Id])} were told the same place in the trash");
        }
        int unknown = _asked.Count(o => o.Kind == OperationKind.Trash && IsUnknown(o));
        if (trash.Count(e => !told.ContainsKey(e.Id)) > unknown)
            wrong.Add($"in the trash without anybody being told: {string.Join(", ", trash.Where(e => !told.ContainsKey(e.Id)).Select(e => e.Id))}");
        foreach (TrashEntry entry in trash)
        {
            if (told.TryGetValue(entry.Id, out TrackedOperation? mover) && (entry.Directory != mover.Directory || entry.Path[^1] != mover.Name))
                wrong.Add($"{Describe(mover)} is in the trash as from {entry.Directory}/{string.Join('/', entry.Path)}");
            if (_asked.Exists(o => o.State == OperationState.Done && o.Request is PurgeOperation p && p.Id == entry.Id))
                wrong.Add($"{entry.Id} was purged and is in the trash");
            if (_asked.Exists(o => o is { State: OperationState.Done, Request: PurgeTrashOperation p } && (p.Everybody || o.Caller.Uid == entry.Id.Owner) && entry.Id.RemovedNs < p.BeforeNs))
                wrong.Add($"{entry.Id} was purged with all before it and is in the trash");
        }
    }

    private IEnumerable<Made> AllMade() => _asked
        .Where(o => o.State == OperationState.Done && o.Request is CreateOperation or MkdirOperation or SymlinkOperation)
        .Select(o => new Made(o.Directory, o.Name, Result(o), Describe(o)))
        .Concat(_contents.Where(c => c.IsNew && c.State == OperationState.Done).Select(c => new Made(c.Target.Dir, c.Target.Name, c.Result!, c.ToString())));

    private bool IsUnknown(TrackedOperation o) => o is { State: OperationState.Failed, Errno: FsErrno.KeyExpired } || _lost.Contains(o);

    private bool Applied(TrackedOperation o) => o.State == OperationState.Done || IsUnknown(o);

    private static int Done(IEnumerable<TrackedOperation> operations) => operations.Count(o => o.State == OperationState.Done);

    private static InodeAttributes Result(TrackedOperation o) => o.Completion.Result.Value!;

    private static InodeId Source(TrackedOperation o) => o.Request is LinkOperation l ? l.Source.Ino : ((RenameOperation)o.Request).Source.Ino;

    private static string Describe(TrackedOperation o) => $"{o.Kind} {o.Directory}/{o.Name}{(o.Second.Dir.IsNone ? "" : $" ({o.Second.Dir}/{o.Second.Name})")} {o.State} {o.Errno}";

    private ILookup<InodeId, TrackedOperation> Of(Func<TrackedOperation, bool> which, Func<TrackedOperation, InodeId> ino) => _asked.Where(which).ToLookup(ino);

    private string History(InodeId ino) => string.Join("; ", _asked.Where(o => o.Request switch
    {
        UnlinkOperation u => u.Ino == ino,
        RmdirOperation r => r.Ino == ino,
        TrashOperation t => t.Ino == ino,
        RestoreOperation r => r.Id.Ino == ino,
        PurgeOperation p => p.Id.Ino == ino,
        PurgeTrashOperation => true,
        RenameOperation r => r.Source.Ino == ino,
        LinkOperation l => l.Source.Ino == ino,
        SetAttrOperation s => s.Target.Ino == ino,
        _ => false,
    }).Select(Describe).Concat(_contents.Where(c => c.Ino == ino).Select(c => c.ToString())));
}
