namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>Looks at one row of a list after the other, in its order. The list's cursor goes along, so that the list is at the row that was looked at last.</summary>
public interface IPreviewWalk
{
    /// <summary>The row at the cursor; null when there is none.</summary>
    Task<PreviewItem?> HereAsync(CancellationToken cancellation);

    /// <summary>The row that many places on; null at an end of the list.</summary>
    Task<PreviewItem?> MoveAsync(int by, CancellationToken cancellation);
}
