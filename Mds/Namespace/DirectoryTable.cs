using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>The directories in memory. A bounded cache over the store; changed ones are written when the group commits.</summary>
internal sealed class DirectoryTable(INamespaceStore store)
{
    private const int MaxCached = 65_536;

    private readonly Dictionary<ulong, DirectoryState> _directories = [];
    private readonly List<DirectoryState> _dirty = [];

    public DirectoryState? Find(InodeId ino)
    {
        if (_directories.TryGetValue(ino.Value, out DirectoryState? directory))
            return directory;
        if (store.ReadDirectory(ino) is not { } record)
            return null;
        directory = new DirectoryState(record);
        _directories.Add(ino.Value, directory);
        return directory;
    }

    public DirectoryState Add(DirectoryRecord record)
    {
        DirectoryState directory = new(record);
        _directories.Add(record.Ino.Value, directory);
        MarkDirty(directory);
        return directory;
    }

    public void Delete(DirectoryState directory)
    {
        _directories.Remove(directory.Ino.Value);
        // Its place in the list of dirty ones is passed over when they are written.
        directory.IsDirty = false;
        store.DeleteDirectory(directory.Ino);
    }

    public void MarkDirty(DirectoryState directory)
    {
        if (directory.IsDirty)
            return;
        directory.IsDirty = true;
        _dirty.Add(directory);
    }

    public void WriteBack()
    {
        foreach (DirectoryState directory in _dirty)
        {
            if (!directory.IsDirty)
                continue;
            store.WriteDirectory(directory.Record);
            directory.IsDirty = false;
        }
        _dirty.Clear();
    }

    /// <summary>Between groups. Those with a rank index, or one that is being built, stay: the index table bounds them.</summary>
    public void TrimToBound()
    {
        if (_directories.Count <= MaxCached)
            return;
        foreach (DirectoryState directory in _directories.Values.ToArray())
        {
            if (!directory.IsFollowed)
                _directories.Remove(directory.Ino.Value);
        }
    }

    /// <summary>After a group was undone: the store alone knows what is true.</summary>
    public void Clear()
    {
        _directories.Clear();
        _dirty.Clear();
    }
}
