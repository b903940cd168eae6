using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>
/// The committed state as of one moment, readable on any one thread while the writer goes on, with one cursor over a
/// directory. Disposing gives its connection back; a snapshot held for long keeps the log from being reclaimed.
/// </summary>
internal interface INamespaceSnapshot : INamespaceReader, IDisposable
{
    /// <summary>Puts the cursor before the first name after <paramref name="after"/> (empty: from the start).</summary>
    void SeekAfter(InodeId dir, ReadOnlySpan<byte> after);

    /// <summary>Puts the cursor before the name <paramref name="skip"/> places after the first one at or after <paramref name="from"/>.</summary>
    void SeekFrom(InodeId dir, ReadOnlySpan<byte> from, long skip);

    bool MoveNext();

    /// <summary>Bytes of the current name, good until the cursor moves.</summary>
    ReadOnlySpan<byte> CurrentName { get; }

    /// <summary>The current row, without the target of a symlink.</summary>
    void ReadCurrent(ref Dentry dentry);

    void ReadPurgeQueue(int limit, List<PurgeRow> rows);

    /// <summary>Everything there is, for the checker: no order across tables, one pass each.</summary>
    IStoreScan Scan();
}
