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
        string target = context.Single?.Entry.Name.ToString() ?? "";
        await context.Surface.AskAsync<NameDialog>("Make link", new()
        {
            [nameof(NameDialog.Label)] = "Name of the link",
            [nameof(NameDialog.Initial)] = target.Length > 0 ? $"{target} link" : "",
            [nameof(NameDialog.Second)] = "Leads to",
            [nameof(NameDialog.InitialSecond)] = target,
            [nameof(NameDialog.Button)] = "Make link",
            [nameof(NameDialog.Submit)] = (Func<FileName, string, Task<string?>>)((name, path) =>
            {
                if (Bytes(path) is not { Length: > 0 } bytes)
                    return Task.FromResult<string?>("Type the path that the link leads to.");
                return CreateFlow.EndAsync(context, directory, context.Client.MakeSymlink(context.Caller, directory.Directory, name, bytes));
            }),
        });
    }

    /// <summary>The path's bytes: names that are shown escaped are meant as they are.</summary>
    private static byte[] Bytes(string path)
    {
        List<byte[]> parts = [.. path.Split('/').Select(part => FileName.TryParse(part, out FileName name) == FsErrno.Ok ? name.ToArray() : System.Text.Encoding.UTF8.GetBytes(part))];
        return [.. parts.SelectMany((part, i) => i == 0 ? part : [(byte)'/', .. part])];
    }
}
