using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Walks;

/// <summary>One entry that was found. Changed under its search's lock.</summary>
internal sealed class SearchHit(long id, WalkNode folder, FileName name, PageRow row)
{
    public long Id => id;

    public WalkNode Folder => folder;

    public FileName Name { get; set; } = name;

    public PageRow Row { get; set; } = row;

    public bool IsGone { get; set; }

    public SearchRow ToRow() => new(id, folder.Ino, folder.Path(), new DirectoryEntry(Name, Row.ToAttributes()), RowState.Normal, null);
}
