using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>A folder in the tree beside the list.</summary>
public sealed class FolderNode(FilePath path, InodeId ino)
{
    public FilePath Path { get; } = path;

    public InodeId Ino { get; internal set; } = ino;

    public int Depth => Path.Names.Count;

    public string Text { get; } = path.IsRoot ? "Files" : NameText.Of(path.Name);

    /// <summary>Of a symbolic link to a folder: where one goes with it.</summary>
    public FilePath? Target { get; init; }

    /// <summary>Empty as far as is known, so there is nothing to open.</summary>
    public bool IsEmpty { get; internal set; }

    /// <summary>Nothing to open: empty, or looked through and without a folder.</summary>
    public bool IsLeaf => IsEmpty || (IsExpanded && IsRead && Errno == FsErrno.Ok && !IsTruncated && Children.Count == 0);

    public bool IsExpanded { get; internal set; }

    public bool IsLoading { get; internal set; }

    /// <summary>Why its folders could not be read.</summary>
    public FsErrno Errno { get; internal set; }

    /// <summary>Not all of its folders are listed: there are too many entries to look through.</summary>
    public bool IsTruncated { get; internal set; }

    public IReadOnlyList<FolderNode> Children { get; internal set; } = [];

    /// <summary>Kept open while it is expanded: it tells of changes.</summary>
    internal IDirectoryView? View { get; set; }

    internal IDirectoryView? Stored { get; set; }

    /// <summary>Its folders are those that were there when it was last looked through.</summary>
    internal bool IsRead { get; set; }

    internal long SeenCounter { get; set; } = -1;

    internal void Close()
    {
        if (View != Stored)
            View?.Dispose();
        Stored?.Dispose();
        View = Stored = null;
        SeenCounter = -1;
        IsRead = false;
    }
}
