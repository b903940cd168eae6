using Capstan.Mds.Posix;
using Capstan.Shared;

namespace Capstan.Mds.Admin;

/// <summary>A directory that the import is in. <see cref="Stat"/> is null for the one it began with, whose attributes stay as they are.</summary>
internal sealed class ImportFrame(HostDirectory host, InodeId dir, string path, StatX? stat)
{
    public HostDirectory Host { get; } = host;

    public InodeId Dir { get; } = dir;

    public string Path { get; } = path;

    public StatX? Stat { get; } = stat;

    public Queue<HostEntry>? Entries { get; set; }
}
