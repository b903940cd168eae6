using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>A look at what is in the row at the cursor; arrows go on from there.</summary>
public sealed class PreviewCommand(PreviewOverlay preview) : FileCommand
{
    public override string Id => "preview";

    public override string Name => "Preview";

    public override string Icon => "visibility";

    public override CommandGroup Group => CommandGroup.Open;

    public override int Order => 1;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Space")];

    public override bool IsEnabled(FileCommandContext context) => context.Focused is not null;

    public override bool IsOffered(FileCommandContext context) => context.Single is not null;

    public override Task RunAsync(FileCommandContext context) =>
        (context.Single ?? context.Focused) is { } row ? preview.OpenAsync(context, row.Entry) : Task.CompletedTask;
}
