namespace Capstan.Mds.Admin;

/// <summary>What a check saw and found.</summary>
public sealed record CheckReport(IReadOnlyList<Finding> Findings, long Entries, long Directories, long Linked, long ContentFiles)
{
    public bool IsClean => Findings.Count == 0;
}
