using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class DirectoryViewModelTests
{
    [Fact]
    public async Task Tick_RowsAddedAboveTheSight_ScrollsAlong()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(300));
        model.Look(70, 80, 100, 20);

        directory.Put(Name("e1"), files.NewFile());
        directory.Put(Name("e2"), files.NewFile());
        directory.Put(Name("f200x"), files.NewFile());
        model.Tick();

        Assert.Equal(2, model.Origin);
        Assert.Equal(72, model.Window.First);
        Assert.Equal(303, model.Count);
    }

    [Fact]
    public async Task Tick_RowsRemovedAboveTheCursor_CursorStaysOnItsRow()
    {
        (_, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(50));
        await model.MoveCursorAsync(20, CursorMode.Select);

        directory.Remove(Name("f003"));
        directory.Remove(Name("f004"));
        model.Tick();

        Assert.Equal(18, model.Cursor);
        Assert.Equal("f020", model.AtCursor()!.Value.Entry.Name.ToString());
    }

    [Fact]
    public async Task Point_RowReplacedSinceItWasDrawn_IsIgnored()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b");
        InodeId seen = directory.Find(Name("b"))!.Attributes.Ino;
        directory.Put(Name("b"), files.NewFile());
        model.Tick();

        model.Point(Name("b"), seen, CursorMode.Select);

        Assert.True(model.Selection.IsEmpty);
    }

    [Fact]
    public async Task Tick_ChangesUnknown_DropsRangesAndSaysSo()
    {
        (_, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(50));
        model.SelectAll();

        directory.Forget();
        model.Tick();

        Assert.True(model.Selection.IsEmpty);
        Assert.True(model.SelectionLost);
    }

    [Fact]
    public async Task MoveCursorAsync_Extend_SelectsFromTheAnchorAlsoAfterChanges()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(50));
        await model.MoveCursorAsync(10, CursorMode.Select);
        directory.Put(Name("a"), files.NewFile());

        await model.MoveCursorAsync(14, CursorMode.Extend);

        Assert.Equal(["f010", "f011", "f012", "f013"], await PlannedAsync(files, model));
    }

    [Fact]
    public async Task Look_ReadFails_KeepsRowsAndTellsWhy()
    {
        (_, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(3000));
        directory.ReadFails = FsErrno.NotConnected;

        model.Look(2000, 80, 2030, 20);

        Assert.Equal(FsErrno.NotConnected, model.ReadError);
        directory.ReadFails = FsErrno.Ok;
        model.Refresh();
        Assert.Equal(FsErrno.Ok, model.ReadError);
        Assert.True(model.Window.IsComplete);
    }

    [Fact]
    public async Task Look_AtRowsOnTheirWay_WhatIsDrawnStaysUntilTheyCome()
    {
        (FakeFileSystem files, _, DirectoryViewModel model) = await OpenAsync(Numbered(3000));
        Assert.True(model.Window.IsComplete);
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        model.Arrived += arrived.SetResult;
        TaskCompletionSource reply = new();
        files.Held = reply.Task;
        int before = files.RoundTrips;

        model.Look(2000, 80, 2030, 20);
        Assert.Equal((0, true), (model.Window.First, model.Window.IsComplete));
        model.Look(2001, 80, 2031, 20); // It is coming: not asked for again.

        reply.SetResult();
        await Eventually.OfAsync(arrived.Task, "the rows");
        Assert.Equal((2000, 80, true), (model.Window.First, model.Window.Rows.Count, model.Window.IsComplete));
        Assert.Equal(before + 1, files.RoundTrips);
    }

    [Fact]
    public async Task ShowLeaving_AnotherModelOfTheDirectory_IsWokenAndSeesTheRows()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b", "c");
        using DirectoryViewModel other = new((await files.OpenDirectoryAsync(Alice, model.Directory)).Value!, TimeProvider.System);
        other.Look(0, 10, 0, 10);
        other.Tick();
        await model.MoveCursorAsync(0, CursorMode.Select);
        await model.MoveCursorAsync(1, CursorMode.Extend);
        Task woken = other.WhenChanged()!;

        IDisposable leaving = model.ShowLeaving();
        await model.MoveCursorAsync(2, CursorMode.Select); // What is selected afterwards was not meant.

        await Eventually.OfAsync(woken, "the other model's wake-up");
        Assert.True(other.Tick());
        Assert.Equal([RowState.Leaving, RowState.Leaving, RowState.Normal], other.Window.Rows.Select(r => r!.Value.State));
        leaving.Dispose();
        Assert.True(other.Tick());
        Assert.All(other.Window.Rows, r => Assert.Equal(RowState.Normal, r!.Value.State));
    }

    [Fact]
    public async Task Tick_WhileAllInSightGoes_DrawsNowAndThenAndTheEndAtOnce()
    {
        ManualTime time = new();
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel first) = await OpenAsync(Numbered(1000));
        using DirectoryViewModel model = new((await files.OpenDirectoryAsync(Alice, first.Directory)).Value!, time);
        model.Look(0, 50, 0, 20);
        first.Selection.SelectAll(first.Count);
        IDisposable leaving = first.ShowLeaving();
        Assert.True(model.Tick());
        Assert.NotNull(model.WhenChanged());

        directory.Remove(Name("f000"));
        Assert.False(model.Tick());
        Assert.Null(model.WhenChanged()); // Who were woken by each of them would look without a rest.
        Assert.Equal("f001", model.Window.Rows[0]!.Value.Entry.Name.ToString());
        time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.False(model.Tick());
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(model.Tick());
        Assert.False(model.Tick());
        Assert.NotNull(model.WhenChanged());

        directory.Remove(Name("f001"));
        Assert.False(model.Tick());
        leaving.Dispose();
        Assert.True(model.Tick()); // Rows that stay.
    }

    [Fact]
    public async Task PressAsync_LettersOnAMillion_FindTheirRowWithFewReads()
    {
        FakeFileSystem files = new(TimeProvider.System);
        FakeInode home = files.NewDirectory();
        home.Directory!.Generate(1_000_000, i => Name($"F{i:0000000}"), _ => files.NewFile());
        using DirectoryViewModel model = new((await files.OpenDirectoryAsync(Alice, home.Attributes.Ino, default)).Value!, TimeProvider.System);
        ListKeys keys = new(model, new TypeAhead(model, TimeProvider.System));
        int before = files.RoundTrips;

        foreach (char letter in "f07")
            await keys.PressAsync(new ListKey(letter.ToString(), false, false, false));

        Assert.Equal(700_000, model.Cursor);
        Assert.Equal(["F0700000"], await PlannedAsync(files, model));
        Assert.InRange(files.RoundTrips - before, 1, 40);
    }

    [Fact]
    public async Task PressAsync_EndOnAMillion_SelectsTheLastRow()
    {
        FakeFileSystem files = new(TimeProvider.System);
        FakeInode home = files.NewDirectory();
        home.Directory!.Generate(1_000_000, i => Name($"f{i:0000000}"), _ => files.NewFile());
        using DirectoryViewModel model = new((await files.OpenDirectoryAsync(Alice, home.Attributes.Ino)).Value!, TimeProvider.System);
        ListKeys keys = new(model, new TypeAhead(model, TimeProvider.System));

        await keys.PressAsync(new ListKey("End", false, false, false));

        Assert.Equal(999_999, model.Cursor);
        Assert.Equal(["f0999999"], await PlannedAsync(files, model));

        await keys.PressAsync(new ListKey("Home", false, true, false));

        Assert.Equal(1_000_000, model.Selection.Count);
    }
}
