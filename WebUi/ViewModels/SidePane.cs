namespace Capstan.WebUi.ViewModels;

/// <summary>What may stand beside the list.</summary>
public enum SidePane
{
    Tree,
    Details,
}
