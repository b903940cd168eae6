using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

/// <summary>Directories and rows for the tests here.</summary>
internal static class Rows
{
    public static readonly Caller Alice = new(1000, 1000, []);

    public static FileName Name(string text) => FileName.Create(text);

    public static DirectoryEntry Entry(string name, ulong ino) =>
        new(Name(name), new InodeAttributes { Ino = new InodeId(ino), Mode = InodeAttributes.ModeOf(FileKind.File, 0x1A4) });

    public static DirectoryRow Row(long rank, string name, ulong ino) => new(rank, Entry(name, ino), RowState.Normal, null);

    public static DirectoryChange Added(string name) => new(DirectoryChangeKind.Added, Name(name));

    public static DirectoryChange Removed(string name) => new(DirectoryChangeKind.Removed, Name(name));

    public static DirectoryChange Replaced(string name) => new(DirectoryChangeKind.Replaced, Name(name));

    /// <summary>A directory "d" under the root with files called <paramref name="names"/>, opened.</summary>
    public static async Task<(FakeFileSystem Files, FakeDirectory Directory, DirectoryViewModel Model)> OpenAsync(params string[] names)
    {
        FakeFileSystem files = new(TimeProvider.System);
        FakeInode home = files.NewDirectory();
        files.Root.Directory!.Put(Name("d"), home);
        foreach (string name in names)
            home.Directory!.Put(Name(name), files.NewFile(100));
        FsResult<IDirectoryView> view = await files.OpenDirectoryAsync(Alice, home.Attributes.Ino);
        DirectoryViewModel model = new(view.Value!, TimeProvider.System);
        model.Look(0, 100, 0, 20);
        await model.RowAtAsync(0);
        model.Refresh();
        return (files, home.Directory!, model);
    }

    public static string[] Numbered(int count) => [.. Enumerable.Range(0, count).Select(i => $"f{i:000}")];

    public static async Task<string[]> PlannedAsync(FakeFileSystem files, DirectoryViewModel model) =>
        [.. (await new DeleteFlow(files, Alice, model).PlanAsync()).Value!.Entries.Select(e => e.Name.ToString())];
}
