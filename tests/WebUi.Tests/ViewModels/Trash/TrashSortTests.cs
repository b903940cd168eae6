using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Trash;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels.Trash;

/// <summary>A job of 1,800 entries, gone in one moment; their numbers ascend as their names do not. A thousand are listed at once where a test says so.</summary>
public sealed class TrashSortTests : IDisposable
{
    private const int Entries = 1800;

    private readonly ManualTime _time = new();
    private readonly FakeFileSystem _files;
    private TrashViewModel _trash;

    public TrashSortTests()
    {
        _files = new FakeFileSystem(_time);
        Put("oldest", 1);
        _time.Advance(TimeSpan.FromHours(1));
        for (int i = 0; i < Entries; i++)
            Put($"photo {(i * 7) % Entries}.jpg", i);
        _trash = new TrashViewModel(_files, Alice, _time);
    }

    [Fact]
    public async Task OneJob_IsInTheOrderOfNames_ThoughItIsManyPages()
    {
        await _trash.OpenAsync();
        Assert.Equal([.. Enumerable.Range(0, Entries).Select(i => $"photo {i}.jpg"), "oldest"], Names());
        Assert.True(_trash.IsComplete);
    }

    [Fact]
    public async Task ReadAgain_OfThousandsOfOneMoment_NoneIsLost()
    {
        await _trash.OpenAsync();
        _trash.Look(0, 80, 0);
        for (int i = 0; i < 3; i++)
            await _trash.OpenAsync();
        Assert.Equal(Entries + 1, _trash.Count);
        Assert.Equal(Entries + 1, Names().Distinct().Count());
    }

    [Fact]
    public async Task Sort_ReadsAll_AndGoesBackWithoutReading()
    {
        _time.Advance(TimeSpan.FromHours(1));
        for (int i = 0; i < 600; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            Put($"single {i}", 10_000 + i);
        }
        await _trash.OpenAsync();
        Assert.Equal(("500+ items", "single 599"), (_trash.CountText, Names()[0]));
        _trash.Sort(TrashOrder.Parse("-size"));
        await Eventually.TrueAsync(() => _trash.IsComplete, "the whole trash");
        Assert.Equal(("2,401 items", "single 599"), (_trash.CountText, Names()[0]));
        _trash.Sort(TrashOrder.Parse("size"));
        Assert.Equal("photo 0.jpg", Names()[0]);
        _trash.Sort(TrashOrder.Newest);
        Assert.Equal(("2,401 items", "single 599"), (_trash.CountText, Names()[0]));
    }

    [Fact]
    public async Task Sort_OfMoreThanIsListed_SaysOfWhat()
    {
        _trash.Dispose();
        _trash = new TrashViewModel(_files, Alice, _time, maxKept: 1000);
        _trash.Sort(TrashOrder.Parse("name"));
        await _trash.OpenAsync();
        Assert.True(_trash.IsCut);
        Assert.Equal("1,000+ items", _trash.CountText);
        Assert.Equal("No more are listed at once; these 1,000 are sorted, older ones are not among them.", _trash.CutText);
        HashSet<string> seen = [.. Names()];
        Assert.Equal(Names().Order(Comparer<string>.Create((a, b) => Number(a) - Number(b))), Names());
        _trash.ShowOlder();
        await _trash.OpenAsync();
        Assert.False(_trash.IsCut);
        seen.UnionWith(Names());
        Assert.Equal(Entries + 1, seen.Count);
        _trash.Sort(TrashOrder.Newest);
        Assert.Equal("No more are listed at once.", _trash.CutText);

        static int Number(string name) => name.StartsWith("photo ") ? int.Parse(name["photo ".Length..^".jpg".Length]) : -1;
    }

    [Fact]
    public async Task Sort_WhatIsChosenStaysChosen_AndIsWhatIsActedOn()
    {
        await _trash.OpenAsync();
        _trash.Picker.Point(NumberOf("photo 3.jpg"), CursorMode.Select);
        _trash.Picker.Point(NumberOf("photo 1700.jpg"), CursorMode.Toggle);
        _trash.Sort(TrashOrder.Parse("-name"));
        Assert.Equal("photo 1700.jpg", _trash.AtCursor()!.Name.ToString());
        Assert.Equal(["photo 3.jpg", "photo 1700.jpg"], _trash.ChosenEntries().Select(e => e.Name.ToString()).Reverse());
        // What comes between does not become chosen.
        PutLater("photo 1699b.jpg");
        await _trash.OpenAsync();
        Assert.Equal(2, _trash.ChosenEntries().Count);
        await _trash.Restore(_trash.ChosenEntries()).Completion;
        Assert.True(_trash.Tick());
        Assert.Equal(Entries, _trash.Count);
        Assert.DoesNotContain("photo 3.jpg", Names());
        Assert.DoesNotContain("photo 1700.jpg", Names());
        Assert.NotNull(_files.Root.Directory!.Find(Name("photo 3.jpg")));
    }

    [Fact]
    public async Task Rows_ThatComeAndGoAboveThoseInSight_DoNotMoveThem()
    {
        _trash.Sort(TrashOrder.Parse("name"));
        await _trash.OpenAsync();
        _trash.Look(860, 120, 900);
        string top = NameAt(900);
        PutLater("a comes before");
        PutLater("zz comes after");
        await _trash.OpenAsync();
        Assert.Equal(1, _trash.Origin);
        Assert.Equal((861, top), (_trash.First, NameAt(901)));

        // Two above go, and the top one itself: the next one that is there takes its place.
        string next = NameAt(902);
        await _trash.Purge([_trash.Find(NumberOf("a comes before"))!, _trash.Find(NumberOf("oldest"))!, _trash.Find(NumberOf(top))!]).Completion;
        Assert.True(_trash.Tick());
        Assert.Equal(next, NameAt(900 + (int)_trash.Origin));
    }

    public void Dispose() => _trash.Dispose();

    private void Put(string name, long size)
    {
        FakeInode file = _files.NewFile(size);
        _files.Trash.Put(Alice, _files.Root.Attributes.Ino, Name(name), file);
    }

    private void PutLater(string name)
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        Put(name, 20_000);
    }

    private ulong NumberOf(string name) => _files.Trash.List(null, int.MaxValue).First(e => e.Name.ToString() == name).Id.Ino.Value;

    private List<string> Names()
    {
        _trash.Look(0, _trash.Count, 0);
        return [.. _trash.Rows.Select(r => r.Entry.Name.ToString())];
    }

    private string NameAt(int place) => _trash.Rows[place - _trash.First].Entry.Name.ToString();
}
