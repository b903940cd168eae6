using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Attributes;

/// <summary>
/// Single names and their attributes, from pages and from lookups; absent names; xattr counts. Everything here is true
/// under Fs (or, for pages, within the attribute timeout) and kept true by the deltas. Not thread-safe: owned by <c>GatewayCore</c>.
/// </summary>
internal sealed class EntryCache(DirectoryCache directories, CapTable caps)
{
    private const int NamesPerDirectory = 65_536;

    private readonly HashSet<InodeId> _xattrsUnknown = [];

    /// <summary>Attributes of the entry of this name, if they are known right now.</summary>
    public InodeAttributes? Find(DirectoryState directory, FileName name) => Find(directory, name, caps.Held(directory.Ino));

    /// <param name="held">What has just been seen to be held on the directory.</param>
    public InodeAttributes? Find(DirectoryState directory, FileName name, CapBits held)
    {
        bool isLive = directory.IsKnown && (held & CapBits.Fs) != 0;
        if (!isLive && !directories.IsFresh(directory))
            return null;
        if (directory.TryFind(name, out PageRow row))
            return row.ToAttributes();
        return isLive ? directory.Names.GetValueOrDefault(name) : null;
    }

    /// <summary>The same without making an object of it.</summary>
    public bool TryFind(DirectoryState directory, FileName name, CapBits held, out PageRow row)
    {
        row = default;
        bool isLive = directory.IsKnown && (held & CapBits.Fs) != 0;
        if (!isLive && !directories.IsFresh(directory))
            return false;
        if (directory.TryFind(name, out row))
            return true;
        if (!isLive || directory.Names.GetValueOrDefault(name) is not { } looked)
            return false;
        row = PageRow.Of(looked);
        return true;
    }

    /// <summary>Complete and under Fs: a name that is not there is answered locally.</summary>
    public bool IsKnownAbsent(DirectoryState directory, FileName name) =>
        directories.IsLive(directory)
        && (directory.IsKnownAbsent(name) || (directory.Names.TryGetValue(name, out InodeAttributes? there) && there is null));

    /// <summary>Remembers what a lookup found (null: nothing) for as long as Fs is held.</summary>
    public void Remember(DirectoryState directory, FileName name, InodeAttributes? attributes)
    {
        if (!directories.IsLive(directory))
            return;
        if (directory.Names.Count >= NamesPerDirectory)
            directory.Names.Clear();
        directory.Names[name] = attributes;
    }

    /// <summary>Whether the inode is known to have no xattr at all: listxattr and getxattr are answered locally.</summary>
    public bool HasNoXattrs(InodeAddress target) =>
        !target.Dir.IsNone
        && !_xattrsUnknown.Contains(target.Ino)
        && caps.Holds(target.Dir, CapBits.Xs)
        && directories.Find(target.Dir) is { } directory
        && directories.IsSettled(directory)
        && Find(directory, target.Name) is { Xattrs: 0 } entry
        && entry.Ino == target.Ino;

    /// <summary>From before one's own setxattr is sent until its reply nothing is known.</summary>
    public void XattrChangeStarts(InodeId ino) => _xattrsUnknown.Add(ino);

    public void XattrChangeEnded(InodeId ino) => _xattrsUnknown.Remove(ino);
}
