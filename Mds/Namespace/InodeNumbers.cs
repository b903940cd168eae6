using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// Hands out inode numbers from blocks whose reservation is in the same transaction as their first use. A crash or an undone
/// group skips numbers and never repeats one.
/// </summary>
internal sealed class InodeNumbers(INamespaceStore store)
{
    private const long Block = 4096;

    private long _next = store.ReadCounter(StoreCounter.NextIno);
    private long _reservedTo = store.ReadCounter(StoreCounter.NextIno);

    public InodeId Next()
    {
        if (_next >= _reservedTo)
        {
            _reservedTo = _next + Block;
            store.WriteCounter(StoreCounter.NextIno, _reservedTo);
        }
        return new InodeId((ulong)_next++);
    }

    /// <summary>After a group was undone its reservation is void; the numbers it handed out stay used.</summary>
    public void ForgetReservation() => _reservedTo = Math.Min(_reservedTo, store.ReadCounter(StoreCounter.NextIno));
}
