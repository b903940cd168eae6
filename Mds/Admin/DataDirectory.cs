using Capstan.Mds.Content;
using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Mds.Storage.Sqlite;

namespace Capstan.Mds.Admin;

/// <summary>A data directory opened for a tool, while no MDS has it.</summary>
public sealed class DataDirectory : IDisposable
{
    private readonly DataDirectoryLock _lock;
    private readonly SqliteNamespaceStore _store;

    private DataDirectory(DataDirectoryLock dataLock, string path, TimeProvider time)
    {
        _lock = dataLock;
        _store = new SqliteNamespaceStore(new StoreOptions(path), time);
        Contents = new ContentStore(path);
        Engine = new NamespaceEngine(_store, time, Contents.Space);
    }

    /// <summary>The root has no entry.</summary>
    public bool IsEmpty => Engine.TryGetDirectory(InodeId.Root, out _, out _, out long entries) && entries == 0;

    internal INamespaceStore Store => _store;

    internal ContentStore Contents { get; }

    internal NamespaceEngine Engine { get; }

    /// <summary>
    /// Throws <see cref="DataDirectoryInUseException"/> when it is in use, <see cref="CommandException"/> when it is to exist and does not.
    /// </summary>
    public static DataDirectory Open(string path, TimeProvider time, bool create)
    {
        if (!create && !File.Exists(Path.Combine(path, "namespace.db")))
            throw new CommandException($"'{path}' is not a data directory: it has no namespace.db.");
        DataDirectoryLock dataLock = DataDirectoryLock.Acquire(path);
        try
        {
            return new DataDirectory(dataLock, path, time);
        }
        catch
        {
            dataLock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _lock.Dispose();
    }
}
