using Capstan.Shared;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>Something met on the way through a tree: what is to be packed, or why it cannot be.</summary>
/// <param name="Path">In the archive: names as they are, '/' between them.</param>
internal sealed record ArchiveItem(byte[] Path, InodeAddress Address, InodeAttributes Attributes, FsErrno Errno = FsErrno.Ok)
{
    public ZipEntry Entry => new(Path, Attributes.Mode, Attributes.MtimeNs, Attributes.Kind == FileKind.File ? Attributes.Size : 0);
}
