namespace Capstan.WebUi.ViewModels;

public enum ViewMode
{
    List,

    /// <summary>Tiles.</summary>
    Grid,
}
