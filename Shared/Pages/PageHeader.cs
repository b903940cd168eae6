namespace Capstan.Shared.Pages;

/// <summary>What a page says of itself besides its rows.</summary>
/// <param name="Version">Of the directory, when the page was read.</param>
/// <param name="FirstRank">Rank of the first entry; 0 is the first of the directory.</param>
/// <param name="Total">Entries in the whole directory.</param>
/// <param name="Last">Exact: no entry follows the last of this page.</param>
public readonly record struct PageHeader(Epoch Epoch, InodeId Dir, DirectoryVersion Version, long FirstRank, long Total, bool Last);
