using Capstan.Shared;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class RenameCommand(TransferFlow transfers) : FileCommand
{
    public override string Id => "rename";

    public override string Name => "Rename";

    public override string Icon => "edit";

    public override CommandGroup Group => CommandGroup.Organize;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("F2")];

    public override bool IsEnabled(FileCommandContext context) => context.Single is not null;

    public override Task RunAsync(FileCommandContext context)
    {
        return context is { Directory: { } directory, Single.Entry: { } entry } ? context.Surface.EditNameAsync(entry, SubmitAsync) : Task.CompletedTask;

        async Task<string?> SubmitAsync(FileName name)
        {
            if (name == entry.Name)
                return null;
            string? problem = await transfers.RenameAsync(context.Client, context.Caller, directory.Directory, entry, name);
            if (problem is null && context.Directory == directory)
                await directory.FocusAsync(name);
            return problem;
        }
    }
}
