using Capstan.Shared;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels;
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

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context is not { Directory: { } directory, Single.Entry: { } entry })
            return;
        string shown = entry.Name.ToString();
        if (await context.Surface.EditNameAsync(entry, SubmitAsync))
            return;
        await new NameQuestion($"Rename “{NameText.Of(entry.Name)}”", "New name", "Rename", (name, _) => SubmitAsync(name))
        {
            Initial = shown,
            Stem = NameRules.StemLength(shown, entry.Attributes.IsDirectory),
        }.AskAsync(context);

        async Task<string?> SubmitAsync(FileName name)
        {
            if (name == entry.Name)
                return null;
            string? problem = await transfers.RenameAsync(context, directory.Directory, entry, name);
            if (problem is null && context.Directory == directory)
                await directory.FocusAsync(name);
            return problem;
        }
    }
}
