using Capstan.Shared;
using Capstan.WebUi.Components.Files.Organize;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;

namespace Capstan.WebUi.Components.Files.Commands;

/// <summary>A symbolic link beside what is selected, or to any path.</summary>
public sealed class LinkCommand : FileCommand
{
    public override string Id => "link";

    public override string Name => "Make link";

    public override string Icon => "add_link";

    public override CommandGroup Group => CommandGroup.Organize;

    public override int Order => 4;

    public override CommandPlaces Places => CommandPlaces.RowMenu | CommandPlaces.FolderMenu;

    public override bool IsEnabled(FileCommandContext context) => context.Directory is not null && context.SelectedCount <= 1;

    public override async Task RunAsync(FileCommandContext context)
    {
        if (context.Directory is not { } directory)
            return;
        string target = context.Single is { } row ? NameText.Editable(row.Entry.Name) : "";
        await new NameQuestion("Make link", "Name of the link", "Make link", (name, path) => Bytes(path) is { Length: > 0 } bytes
            ? CreateFlow.EndAsync(context, directory, context.Client.MakeSymlink(context.Caller, directory.Directory, name, bytes))
            : Task.FromResult<string?>("Type the path that the link leads to."))
        {
            Initial = target.Length > 0 ? $"{target} link" : "",
            Second = "Leads to",
            InitialSecond = target,
        }.AskAsync(context);
    }

    /// <summary>The path's bytes: names that are shown escaped are meant as they are.</summary>
    private static byte[] Bytes(string path)
    {
        List<byte[]> parts = [.. path.Split('/').Select(part => FileName.TryParse(part, out FileName name) == FsErrno.Ok ? name.ToArray() : System.Text.Encoding.UTF8.GetBytes(part))];
        return [.. parts.SelectMany((part, i) => i == 0 ? part : [(byte)'/', .. part])];
    }
}
