namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>Rows or tiles.</summary>
public abstract class ViewModeCommand(ViewMode mode) : FileCommand
{
    public override string Id => mode == ViewMode.Grid ? "view-grid" : "view-list";

    public override string Name => mode == ViewMode.Grid ? "Show as grid" : "Show as list";

    public override string Icon => mode == ViewMode.Grid ? "grid_view" : "view_list";

    public override CommandGroup Group => CommandGroup.View;

    public override int Order => mode == ViewMode.Grid ? 1 : 0;

    public override CommandPlaces Places => CommandPlaces.FolderMenu;

    // The numbers are those of Windows.
    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse(mode == ViewMode.Grid ? "Ctrl+Shift+2" : "Ctrl+Shift+6")];

    public override bool IsEnabled(FileCommandContext context) => context.Surface.Mode != mode;

    public override Task RunAsync(FileCommandContext context)
    {
        context.Surface.Show(mode);
        return Task.CompletedTask;
    }
}
