using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>Point reads, of the committed state or of a writer's own transaction. One thread at a time.</summary>
internal interface INamespaceReader
{
    bool TryGetDentry(InodeId dir, ReadOnlySpan<byte> name, ref Dentry dentry);

    /// <summary>Reads names of <paramref name="dir"/> with what is in their rows (symlinks without their targets), from the first one at or after <paramref name="from"/>, as long as <paramref name="visit"/> wants another.</summary>
    void VisitDentries(InodeId dir, ReadOnlySpan<byte> from, DentryVisitor visit);

    DirectoryRecord? ReadDirectory(InodeId ino);

    bool TryGetLinked(InodeId ino, ref Inode inode);

    void ReadPlaces(InodeId ino, List<Place> places);

    byte[]? ReadXattr(InodeId ino, ReadOnlySpan<byte> name);

    void ReadXattrNames(InodeId ino, List<byte[]> names);

    /// <summary>How many names of <paramref name="dir"/> are at or after <paramref name="from"/> and at or before <paramref name="through"/>.</summary>
    long CountNames(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through);

    /// <summary>The name <paramref name="skip"/> places after the first one at or after <paramref name="from"/>; linear in <paramref name="skip"/>.</summary>
    bool TryGetNameAt(InodeId dir, ReadOnlySpan<byte> from, long skip, out FileName name);

    long ReadCounter(StoreCounter counter);
}
