namespace Capstan.WebUi.ViewModels;

/// <summary>Columns of the list beside the name.</summary>
public enum FileColumn
{
    Size,
    Modified,
    Type,
    Mode,
    Owner,
}
