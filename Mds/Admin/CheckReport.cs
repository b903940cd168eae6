namespace Capstan.Mds.Admin;

/// <summary>What a check saw and found.</summary>
public sealed record CheckReport(IReadOnlyList<Finding> Findings, long Entries, long Directories, long Linked, long ContentFiles)
{
    public bool IsClean => Findings.Count == 0;

    internal IReadOnlyList<string> OrphanContents { get; init; } = [];

    /// <summary>Deletes the content files that belong to no inode; only while no MDS has the data directory. How many there were.</summary>
    internal int RemoveOrphanContents()
    {
        foreach (string path in OrphanContents)
            File.Delete(path);
        return OrphanContents.Count;
    }
}
