namespace Capstan.WebUi.ViewModels.Commands;

public sealed class OpenCommand : FileCommand
{
    public override string Id => "open";

    public override string Name => "Open";

    public override string Icon => "open_in_browser";

    public override CommandGroup Group => CommandGroup.Open;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Enter"), KeyChord.Parse("Alt+ArrowDown")];

    public override bool IsEnabled(FileCommandContext context) => context.Focused is not null;

    public override bool IsOffered(FileCommandContext context) => context.Single is not null;

    public override Task RunAsync(FileCommandContext context) =>
        (context.Single ?? context.Focused) is { } row ? context.Surface.OpenAsync(row.Entry) : Task.CompletedTask;
}
