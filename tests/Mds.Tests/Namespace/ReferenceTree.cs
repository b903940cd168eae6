using Capstan.Shared;

namespace Capstan.Mds.Tests.Namespace;

/// <summary>POSIX trees as plainly as they can be written, for root alone: what the engine is held to.</summary>
internal sealed class ReferenceTree
{
    public sealed class Node
    {
        public required InodeId Ino { get; init; }
        public required FileKind Kind { get; init; }
        public SortedDictionary<FileName, Node> Children { get; } = [];
        public Node? Parent { get; set; }
        public uint Permissions { get; set; }
        public long Size { get; set; }
        public long Content { get; set; }
        public HashSet<string> Xattrs { get; } = [];
        public bool IsDirectory => Kind == FileKind.Directory;
    }

    public Node Root { get; private set; } = new() { Ino = InodeId.Root, Kind = FileKind.Directory };

    /// <summary>Entries of the trash, under the names of their ids.</summary>
    public Node Trash { get; private set; } = new() { Ino = InodeId.Trash, Kind = FileKind.Directory };

    public IEnumerable<Node> Directories => All().Where(pair => pair.Node.IsDirectory).Select(pair => pair.Node).Prepend(Root);

    public IEnumerable<(Node Dir, FileName Name, Node Node)> All() => Under(Root).Concat(Under(Trash));

    public uint Nlink(Node node) => node.IsDirectory
        ? 2 + (uint)node.Children.Values.Count(child => child.IsDirectory)
        : (uint)All().Count(pair => pair.Node == node);

    public FsErrno Make(Node dir, FileName name, Func<Node> make)
    {
        if (dir.Children.ContainsKey(name))
            return FsErrno.Exists;
        Node node = make();
        node.Parent = node.IsDirectory ? dir : null;
        dir.Children.Add(name, node);
        return FsErrno.Ok;
    }

    public FsErrno Link(Node from, FileName name, Node dir, FileName newName)
    {
        if (!from.Children.TryGetValue(name, out Node? node))
            return FsErrno.NoEntry;
        if (dir.Children.ContainsKey(newName))
            return FsErrno.Exists;
        if (node.IsDirectory)
            return FsErrno.NotPermitted;
        dir.Children.Add(newName, node);
        return FsErrno.Ok;
    }

    public FsErrno Unlink(Node dir, FileName name)
    {
        if (!dir.Children.TryGetValue(name, out Node? node))
            return FsErrno.NoEntry;
        if (node.IsDirectory)
            return FsErrno.IsDirectory;
        dir.Children.Remove(name);
        return FsErrno.Ok;
    }

    public FsErrno Rmdir(Node dir, FileName name)
    {
        if (!dir.Children.TryGetValue(name, out Node? node))
            return FsErrno.NoEntry;
        if (!node.IsDirectory)
            return FsErrno.NotDirectory;
        if (node.Children.Count > 0)
            return FsErrno.NotEmpty;
        dir.Children.Remove(name);
        return FsErrno.Ok;
    }

    public void MoveToTrash(Node dir, FileName name, TrashId id) => Move(dir, name, Trash, id.ToName());

    public FsErrno Restore(FileName id, Node dir, FileName name)
    {
        if (!Trash.Children.ContainsKey(id))
            return FsErrno.NoEntry;
        if (dir.Children.ContainsKey(name))
            return FsErrno.Exists;
        Move(Trash, id, dir, name);
        return FsErrno.Ok;
    }

    private static void Move(Node from, FileName name, Node to, FileName newName)
    {
        from.Children.Remove(name, out Node? node);
        to.Children.Add(newName, node!);
        if (node!.IsDirectory)
            node.Parent = to;
    }

    public FsErrno Rename(Node from, FileName name, Node to, FileName newName, bool noReplace)
    {
        if (!from.Children.TryGetValue(name, out Node? node))
            return FsErrno.NoEntry;
        to.Children.TryGetValue(newName, out Node? existing);
        if (existing is not null && noReplace)
            return FsErrno.Exists;
        for (Node? at = to; node.IsDirectory && at is not null; at = at.Parent)
        {
            if (at == node)
                return FsErrno.Invalid;
        }
        if (existing == node)
            return FsErrno.Ok;
        if (existing is not null)
        {
            if (node.IsDirectory && !existing.IsDirectory)
                return FsErrno.NotDirectory;
            if (!node.IsDirectory && existing.IsDirectory)
                return FsErrno.IsDirectory;
            if (existing.Children.Count > 0)
                return FsErrno.NotEmpty;
        }
        from.Children.Remove(name);
        to.Children[newName] = node;
        if (node.IsDirectory)
            node.Parent = to;
        return FsErrno.Ok;
    }

    /// <summary>A deep copy, to go back to when a group is undone.</summary>
    public ReferenceTree Clone()
    {
        Dictionary<Node, Node> copies = [];
        return new ReferenceTree { Root = Copy(Root, null), Trash = Copy(Trash, null) };

        Node Copy(Node node, Node? parent)
        {
            if (copies.TryGetValue(node, out Node? known))
                return known;
            Node copy = new() { Ino = node.Ino, Kind = node.Kind, Permissions = node.Permissions, Size = node.Size, Content = node.Content };
            copies.Add(node, copy);
            copy.Parent = node.IsDirectory ? parent : null;
            copy.Xattrs.UnionWith(node.Xattrs);
            foreach ((FileName name, Node child) in node.Children)
                copy.Children.Add(name, Copy(child, copy));
            return copy;
        }
    }

    private static IEnumerable<(Node Dir, FileName Name, Node Node)> Under(Node dir)
    {
        foreach ((FileName name, Node child) in dir.Children)
        {
            yield return (dir, name, child);
            foreach ((Node, FileName, Node) deeper in Under(child))
                yield return deeper;
        }
    }
}
