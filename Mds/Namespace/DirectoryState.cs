using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>A directory in memory: its record, written back once a commit group, and what is derived from it.</summary>
internal sealed class DirectoryState(DirectoryRecord record)
{
    private InodeAttributes? _rights;

    public DirectoryRecord Record { get; } = record;

    public InodeId Ino => Record.Ino;

    public bool IsRoot => Record.Ino == InodeId.Root;

    public bool IsTrash => Record.Ino == InodeId.Trash;

    public DirectoryVersion Version => new(Record.Version);

    public bool IsDirty { get; set; }

    /// <summary>Where every thousandth entry is; null until a jump needs it.</summary>
    public RankIndex? Ranks { get; set; }

    /// <summary>An index that a reader is building on its own thread; collects what changes meanwhile.</summary>
    public RankIndexBuild? Building { get; set; }

    /// <summary>Mode and owner for permission checks. Kept, because they change far less often than the entries do; its size and times are not current.</summary>
    public InodeAttributes Rights => _rights ??= Record.ToAttributes();

    /// <summary>Somebody has to be told of each name that comes or goes.</summary>
    public bool IsFollowed => Ranks is not null || Building is not null;

    /// <summary>For the index that is being built, if one is; so far behind that building anew is better, it is given up.</summary>
    public void Collect(FileName name, int by)
    {
        if (Building is not { } build)
            return;
        build.Changes.Add((name, by));
        if (build.Changes.Count > RankIndexBuild.MaxChanges)
            Building = null;
    }

    public void OnRightsChanged() => _rights = null;
}
