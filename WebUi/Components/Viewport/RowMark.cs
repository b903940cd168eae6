namespace Capstan.WebUi.Components.Viewport;

/// <summary>Runs of rows that a rectangle was drawn over.</summary>
/// <param name="Adds">Beside what is selected, and not instead of it.</param>
public readonly record struct RowMark(IReadOnlyList<(RowIdentity From, RowIdentity To)> Runs, bool Adds);
