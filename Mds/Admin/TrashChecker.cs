using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Admin;

/// <summary>Each entry of the trash is what its name says and has its origin; no origin is left without its entry.</summary>
internal sealed class TrashChecker
{
    private readonly Dictionary<FileName, (InodeId Ino, DentryKind Kind)> _entries = [];

    public void Add(FileName name, InodeId ino, DentryKind kind) => _entries.Add(name, (ino, kind));

    public IEnumerable<Finding> Check(INamespaceSnapshot snapshot)
    {
        List<byte[]> origins = [];
        snapshot.ReadXattrNames(InodeId.Trash, origins);
        foreach (byte[] name in origins.Where(n => !TrashRules.IsMark(n)))
        {
            FileName entry = FileName.FromTrusted(name);
            if (!_entries.Remove(entry, out (InodeId Ino, DentryKind Kind) there))
                yield return new Finding(FindingKind.Orphan, $"the trash has an origin '{entry}' and no such entry.");
            else if (!TrashId.TryParse(name, out TrashId id) || id.Ino != there.Ino)
                yield return new Finding(FindingKind.BadValue, $"'{entry}' in the trash is inode {there.Ino}.");
            else if (snapshot.ReadXattr(InodeId.Trash, name) is not { } record || !TrashOrigin.TryParse(record, out _))
                yield return new Finding(FindingKind.BadValue, $"the origin of '{entry}' in the trash cannot be read.");
        }
        // Without an origin: only directories that are being emptied.
        foreach ((FileName name, (InodeId ino, DentryKind kind)) in _entries)
        {
            if (kind != DentryKind.Directory || !TrashPurge.IsDoomed(name, ino))
                yield return new Finding(FindingKind.BrokenReference, $"'{name}' in the trash has no origin.");
        }
    }
}
