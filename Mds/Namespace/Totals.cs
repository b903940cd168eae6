using Capstan.Mds.Storage;

namespace Capstan.Mds.Namespace;

/// <summary>Counts of the whole filesystem, maintained with every change and written once a group.</summary>
internal sealed class Totals
{
    private readonly INamespaceStore _store;
    private long _entries;
    private long _directories;
    private long _bytes;
    private bool _changed;

    public Totals(INamespaceStore store)
    {
        _store = store;
        Reload();
    }

    public long Entries
    {
        get => _entries;
        set => (_entries, _changed) = (value, true);
    }

    public long Directories
    {
        get => _directories;
        set => (_directories, _changed) = (value, true);
    }

    public long Bytes
    {
        get => _bytes;
        set => (_bytes, _changed) = (value, true);
    }

    public void WriteBack()
    {
        if (!_changed)
            return;
        _store.WriteCounter(StoreCounter.Entries, _entries);
        _store.WriteCounter(StoreCounter.Directories, _directories);
        _store.WriteCounter(StoreCounter.Bytes, _bytes);
        _changed = false;
    }

    public void Reload()
    {
        _entries = _store.ReadCounter(StoreCounter.Entries);
        _directories = _store.ReadCounter(StoreCounter.Directories);
        _bytes = _store.ReadCounter(StoreCounter.Bytes);
        _changed = false;
    }
}
