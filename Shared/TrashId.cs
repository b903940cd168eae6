using System.Globalization;
using System.Text;

namespace Capstan.Shared;

/// <summary>
/// One entry of the trash: who put it there, when (nanoseconds since 1970, by the MDS's clock), and what it is. Whoever removed
/// something knows it without asking: the reply's attributes have the inode, and the moment of the removal for change time.
/// </summary>
public readonly record struct TrashId(uint Owner, long RemovedNs, InodeId Ino)
{
    private const int NameLength = 8 + 16 + 16;

    public DateTimeOffset RemovedAt => DateTimeOffset.UnixEpoch.AddTicks(RemovedNs / TimeSpan.NanosecondsPerTick);

    /// <summary>
    /// Its name in the directory <see cref="InodeId.Trash"/>, in lower-case hexadecimal digits. The time counts backwards, so that in
    /// the order of names each owner's entries are together, the newest first.
    /// <code>
    /// bytes 0..7  8..23            24..39
    ///       owner ~RemovedNs       inode number
    /// </code>
    /// </summary>
    public FileName ToName() => FileName.FromTrusted(Encoding.ASCII.GetBytes($"{Owner:x8}{~RemovedNs:x16}{Ino.Value:x16}"));

    public static bool TryParse(ReadOnlySpan<byte> name, out TrashId id)
    {
        id = default;
        if (name.Length != NameLength || name.ContainsAnyInRange((byte)'A', (byte)'Z')
            || !uint.TryParse(name[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint owner)
            || !long.TryParse(name[8..24], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long removed)
            || !ulong.TryParse(name[24..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong ino))
            return false;
        id = new TrashId(owner, ~removed, new InodeId(ino));
        return true;
    }
}
