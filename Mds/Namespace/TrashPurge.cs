using System.Text;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// What the MDS does behind the replies: (1) empties directories that were purged, from the bottom, a bounded number of entries a
/// group; (2) purges what is older than a mark or the retention; (3) drops the marks. All that it needs to know is in the store, so a
/// crash at any point is followed by going on from there.
/// </summary>
internal sealed class TrashPurge(Tree tree, TrashRules rules)
{
    private static readonly byte[] Doomed = "purge-"u8.ToArray();

    /// <summary>Directories that the last step has removed.</summary>
    public List<InodeId> Removed { get; } = [];

    /// <summary>The last step met a directory that somebody may be changing ahead of a reply.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Sorted behind every <see cref="TrashId"/>, whose names are hexadecimal digits.</summary>
    public static FileName DoomedName(InodeId ino) => FileName.Create($"purge-{ino.Value:x16}");

    public static bool IsDoomed(FileName name, InodeId ino) => name == DoomedName(ino);

    /// <summary>Where an owner's entries begin.</summary>
    public static byte[] FirstOf(uint owner) => Encoding.ASCII.GetBytes($"{owner:x8}");

    /// <summary>Removes up to <paramref name="limit"/> entries. Returns how many; none: nothing is left to do, unless <see cref="IsBlocked"/>.</summary>
    /// <param name="retainedSinceNs">What was put into the trash before it is purged.</param>
    /// <param name="mayChange">Whether no session holds the directory exclusively; asking takes it back.</param>
    public int Step(long retainedSinceNs, int limit, Func<InodeId, bool> mayChange)
    {
        Removed.Clear();
        IsBlocked = false;
        int count = 0;
        if (tree.FindDirectory(InodeId.Trash) is not { } trash)
        {
            rules.HasWork = false;
            return 0;
        }
        Entry entry = default;
        while (count < limit && !IsBlocked)
        {
            if (tree.Store.TryGetNameAt(InodeId.Trash, Doomed, 0, out FileName doomed))
            {
                count += Empty(trash, doomed, limit - count, mayChange);
            }
            else if (TryFindExpired(retainedSinceNs, out FileName expired) && tree.TryGetEntry(trash, expired, ref entry))
            {
                if (!MayRelease(in entry, mayChange))
                    break;
                rules.Purge(trash, expired, ref entry);
                count++;
            }
            else
            {
                rules.DropMarks(trash);
                rules.HasWork = false;
                break;
            }
        }
        return count;
    }

    /// <summary>Owner by owner: in the order of names the expired ones are the end of each.</summary>
    private bool TryFindExpired(long retainedSinceNs, out FileName expired)
    {
        byte[] from = [0];
        while (tree.Store.TryGetNameAt(InodeId.Trash, from, 0, out expired) && TrashId.TryParse(expired.Span, out TrashId first))
        {
            long before = Math.Max(retainedSinceNs, rules.PurgedBefore(first.Owner));
            byte[] oldest = new TrashId(first.Owner, before - 1, InodeId.None).ToName().ToArray();
            if (before > 0 && tree.Store.TryGetNameAt(InodeId.Trash, oldest, 0, out expired)
                && TrashId.TryParse(expired.Span, out TrashId found) && found.Owner == first.Owner)
                return true;
            if (first.Owner == uint.MaxValue)
                break;
            from = FirstOf(first.Owner + 1);
        }
        return false;
    }

    private int Empty(DirectoryState trash, FileName name, int limit, Func<InodeId, bool> mayChange)
    {
        Entry top = default;
        if (!tree.TryGetEntry(trash, name, ref top) || top.Directory is not { } at)
            throw Tree.Broken(InodeId.Trash, $"directory '{name}' of the trash,");
        int count = 0;
        while (count < limit)
        {
            if (!mayChange(at.Ino))
            {
                IsBlocked = true;
                return count;
            }
            Entry entry = default;
            if (at.Record.Entries == 0)
            {
                DirectoryState parent = tree.FindDirectory(at.Record.Parent) ?? throw Tree.Broken(at.Record.Parent, "directory");
                if (!parent.IsTrash && !mayChange(parent.Ino))
                {
                    IsBlocked = true;
                    return count;
                }
                tree.TryGetEntry(parent, at.Record.Name, ref entry);
                tree.RemoveEntry(parent, at.Record.Name, ref entry);
                tree.ReleaseInode(ref entry);
                Removed.Add(at.Ino);
                count++;
                if (parent.IsTrash)
                    return count;
                at = parent;
                continue;
            }
            if (!tree.Store.TryGetNameAt(at.Ino, [0], 0, out FileName first) || !tree.TryGetEntry(at, first, ref entry))
                throw Tree.Broken(at.Ino, "entry of directory");
            if (entry.Directory is { } below)
            {
                at = below;
                continue;
            }
            if (!MayRelease(in entry, mayChange))
                return count;
            tree.RemoveEntry(at, first, ref entry);
            tree.ReleaseInode(ref entry);
            count++;
        }
        return count;
    }

    /// <summary>The other places of a hard link are told of its count.</summary>
    private bool MayRelease(in Entry entry, Func<InodeId, bool> mayChange)
    {
        if (entry.Kind != DentryKind.Linked)
            return true;
        List<Place> places = [];
        tree.Store.ReadPlaces(entry.Ino, places);
        IsBlocked |= !places.TrueForAll(place => place.Dir == InodeId.Trash || mayChange(place.Dir));
        return !IsBlocked;
    }
}
