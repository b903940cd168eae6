using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class OperationsViewModelTests
{
    private readonly FakeFileSystem _files = new(TimeProvider.System) { RemovalsPerSecond = 1 };

    [Fact]
    public void Show_ByNameStateAndUser_CountsAndListsThoseAlone()
    {
        InodeId folder = _files.NewDirectory().Attributes.Ino;
        _files.RemoveMany(new Caller(1000, 1000, []), folder, Entries("alpha", 3));
        _files.RemoveMany(Caller.Root, folder, Entries("beta", 2));
        OperationsViewModel all = new(_files.Operations);
        OperationsViewModel mine = new(_files.Operations, uid: 1000);

        all.Tick();
        mine.Tick();
        Assert.Equal((5, 3), (all.Total, mine.Total));

        all.Show(new OperationFilter("", "BETA"));
        Assert.Equal(["beta-0", "beta-1"], all.Rows.Select(r => r.Name.ToString()));
        all.Look(50, 10);
        Assert.Equal(1, all.First);
        all.Show(new OperationFilter(OperationFilter.Failed, ""));
        Assert.Equal(0, all.Total);
        all.Show(new OperationFilter(OperationFilter.Waiting, "alpha"));
        Assert.Equal(3, all.Pending);
    }

    private static DirectoryEntry[] Entries(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new DirectoryEntry(FileName.Create($"{name}-{i}"), new InodeAttributes { Ino = new InodeId(900 + (ulong)i), Mode = InodeAttributes.ModeOf(FileKind.File, 0) }))];
}
