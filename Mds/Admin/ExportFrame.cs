using Capstan.Mds.Posix;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Admin;

/// <summary>A directory that the export is in. <see cref="Parent"/> and <see cref="Record"/> are null for the one it began with.</summary>
internal sealed class ExportFrame(HostDirectory host, InodeId dir, byte[] path, ExportFrame? parent, DirectoryRecord? record)
{
    public HostDirectory Host { get; } = host;

    public InodeId Dir { get; } = dir;

    /// <summary>Relative to where the export began.</summary>
    public byte[] Path { get; } = path;

    public ExportFrame? Parent { get; } = parent;

    public DirectoryRecord? Record { get; } = record;

    public Queue<(FileName Name, Inode Inode, DirectoryRecord? Directory)> Entries { get; } = [];

    /// <summary>The last name that was read into <see cref="Entries"/>.</summary>
    public FileName After { get; set; }

    public bool IsRead { get; set; }
}
