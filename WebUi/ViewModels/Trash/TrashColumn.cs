namespace Capstan.WebUi.ViewModels.Trash;

/// <summary>What the trash can be sorted by.</summary>
public enum TrashColumn
{
    /// <summary>When it was deleted.</summary>
    Deleted,

    Name,

    /// <summary>The folder that it was in.</summary>
    Place,

    /// <summary>As in a listing: folders first, by their entries.</summary>
    Size,
}
