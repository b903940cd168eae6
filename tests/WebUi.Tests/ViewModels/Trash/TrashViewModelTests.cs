using Capstan.TestKit;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels.Trash;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels.Trash;

/// <summary>A trash of 1,800: f0000 is the oldest, f1799 the newest, two seconds lie between two; every hundredth is a picture.</summary>
public sealed class TrashViewModelTests : IDisposable
{
    private const int Entries = 1800;

    private readonly ManualTime _time = new();
    private readonly FakeFileSystem _files;
    private readonly TrashViewModel _trash;

    public TrashViewModelTests()
    {
        _files = new FakeFileSystem(_time);
        for (int i = 0; i < Entries; i++)
            Put(i % 100 == 0 ? $"f{i:0000}.JPG" : $"f{i:0000}");
        _trash = new TrashViewModel(_files, Alice, _time, maxKept: 1000);
    }

    [Fact]
    public async Task Filter_IsOfTheWholeTrash_AndOfNothingElse()
    {
        await _trash.OpenAsync();
        Assert.Equal(("500+ items", false), (_trash.CountText, _trash.IsEmpty));
        _trash.Picker.SelectAll();
        Assert.Equal(500, _trash.Picker.Chosen);

        _trash.Show("*.jpg");
        Assert.Equal(0, _trash.Picker.Chosen); // What is not listed is not acted on.
        await _trash.OpenAsync();
        Assert.Equal(("18 found", true, false), (_trash.CountText, _trash.IsComplete, _trash.IsCut));
        Assert.Equal(["f1700.JPG", "f1600.JPG"], Names().Take(2));
        _trash.Picker.SelectAll();
        Assert.Equal(18, _trash.ChosenEntries().Count);

        // One that comes is found, too.
        Put("new.jpg");
        Put("new.txt");
        await _trash.OpenAsync();
        Assert.Equal(("19 found", "new.jpg"), (_trash.CountText, Names()[0]));

        _trash.Show("nothing");
        await _trash.OpenAsync();
        Assert.Equal(("0 found", true, false), (_trash.CountText, _trash.IsComplete, _trash.IsEmpty));
        _trash.Show("");
        await _trash.OpenAsync();
        Assert.Equal("new.txt", Names()[0]);
    }

    [Fact]
    public async Task Older_AreListedWhenAskedFor_AndNoneIsLeftOut()
    {
        await _trash.OpenAsync();
        HashSet<string> seen = [.. await AllAsync()];
        Assert.Equal((true, false, 1000), (_trash.IsCut, _trash.IsOlder, seen.Count));
        _trash.ShowOlder();
        seen.UnionWith(await AllAsync());
        Assert.Equal((false, true, true, Entries), (_trash.IsCut, _trash.IsOlder, _trash.IsComplete, seen.Count));
        _trash.ShowNewest();
        await _trash.OpenAsync();
        Assert.Equal("f1799", Names()[0]);
    }

    [Fact]
    public async Task Filter_TypedWhileAnotherIsRead_TheLastOneCounts()
    {
        FakeFileSystem slow = new(TimeProvider.System) { Delay = TimeSpan.FromMilliseconds(1) };
        for (int i = 0; i < Entries; i++)
            slow.Trash.Put(Alice, slow.Root.Attributes.Ino, Name($"f{i:0000}"), slow.NewFile());
        using TrashViewModel trash = new(slow, Alice, TimeProvider.System);
        trash.Show("f0");
        trash.Show("f17");
        await trash.OpenAsync();
        Assert.Equal("100 found", trash.CountText);
    }

    public void Dispose() => _trash.Dispose();

    private void Put(string name)
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        _files.Trash.Put(Alice, _files.Root.Attributes.Ino, Name(name), _files.NewFile());
    }

    private List<string> Names()
    {
        _trash.Look(0, _trash.Count, 0);
        return [.. _trash.Rows.Select(r => r.Entry.Name.ToString())];
    }

    /// <summary>Scrolls to the end of what is listed.</summary>
    private async Task<List<string>> AllAsync()
    {
        await _trash.OpenAsync();
        while (!_trash.IsComplete && !_trash.IsCut)
        {
            int before = _trash.Count;
            _trash.Look(before, 10, before);
            await Eventually.TrueAsync(() => _trash.Count > before || _trash.IsComplete, "another page");
        }
        return Names();
    }
}
