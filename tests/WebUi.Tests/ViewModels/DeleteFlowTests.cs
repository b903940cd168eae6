using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Undo;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class DeleteFlowTests
{
    [Fact]
    public async Task PlanAsync_AllSelectedThenOneCreated_LeavesTheNewOneOut()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b", "c");
        model.SelectAll();

        directory.Put(Name("bb"), files.NewFile());

        Assert.Equal(["a", "b", "c"], await PlannedAsync(files, model));
    }

    [Fact]
    public async Task PlanAsync_NameReplacedAfterItWasSelected_LeavesItOut()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b", "c");
        model.SelectAll();

        directory.Put(Name("b"), files.NewFile());

        Assert.Equal(["a", "c"], await PlannedAsync(files, model));
    }

    [Fact]
    public async Task PlanAsync_RowsChangeWhileItReads_MissesNoneAndTakesNoNewOne()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(1000));
        foreach (string name in Enumerable.Range(0, 6000).Select(i => $"g{i:0000}"))
            directory.Put(Name(name), files.NewFile());
        model.Tick();
        model.SelectAll();
        HashSet<string> expected = [.. Numbered(1000), .. Enumerable.Range(0, 6000).Select(i => $"g{i:0000}")];
        Random random = new(1);
        int chunk = 0;

        FsResult<DeletePlan> plan = await new DeleteFlow(files, Alice, model).PlanAsync(_ =>
        {
            // Names come and go before and behind where it reads.
            for (int i = 0; i < 20; i++)
            {
                directory.Put(Name($"a{chunk}-{i}"), files.NewFile());
                directory.Put(Name($"z{chunk}-{i}"), files.NewFile());
                string gone = $"g{random.Next(6000):0000}";
                directory.Remove(Name(gone));
                expected.Remove(gone);
            }
            chunk++;
        });

        Assert.Equal(expected.Order(StringComparer.Ordinal), plan.Value!.Entries.Select(e => e.Name.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PlanAsync_RowsUnderDeletion_AreNotPlannedTwice()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b", "c");
        files.RemovalsPerSecond = 0;
        directory.Mark(Name("b"), new FakeOperation(1, OperationKind.Unlink, Alice, model.Directory, Entry("b", 3), null, TimeProvider.System));
        model.SelectAll();

        Assert.Equal(["a", "c"], await PlannedAsync(files, model));
    }

    [Fact]
    public async Task PlanAsync_ReadFails_TellsWhyAndPlansNothing()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(3000));
        model.SelectAll();
        directory.ReadFails = FsErrno.Io;

        FsResult<DeletePlan> plan = await new DeleteFlow(files, Alice, model).PlanAsync();

        Assert.Equal(FsErrno.Io, plan.Errno);
    }

    [Fact]
    public async Task MoveToTrashAsync_NameTakenByAnotherInodeMeanwhile_FailsAsStaleAndKeepsIt()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b", "c");
        model.SelectAll();
        DeleteFlow flow = new(files, Alice, model);
        DeletePlan plan = (await flow.PlanAsync()).Value!;
        FakeInode other = files.NewFile();
        directory.Put(Name("b"), other);

        await flow.MoveToTrashAsync(plan);
        OperationJob job = files.Operations.Jobs()[0];
        await job.Completion;

        Assert.Equal((2, 1), (job.Done, job.Failed));
        Assert.Same(other, directory.Find(Name("b")));
        Assert.Equal(FsErrno.Stale, files.Operations.FailedIn(model.Directory)[0].Errno);
    }

    [Fact]
    public async Task MoveToTrashAsync_SomeFail_FailuresAreCountedRetriedAndDismissed()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(10));
        directory.Find(Name("f003"))!.RemovalFails = FsErrno.AccessDenied;
        directory.Find(Name("f007"))!.RemovalFails = FsErrno.AccessDenied;
        model.SelectAll();
        DeleteFlow flow = new(files, Alice, model);

        await flow.MoveToTrashAsync((await flow.PlanAsync()).Value!);
        await files.Operations.Jobs()[0].Completion;
        FailuresViewModel failures = new(files.Operations, model.Directory, TimeProvider.System);
        failures.Tick();

        Assert.Equal("2 of 10 could not be deleted.", failures.Summary);
        Assert.Equal("You have no permission.", failures.Reason);

        directory.Find(Name("f003"))!.RemovalFails = FsErrno.Ok;
        files.Operations.Retry(files.Operations.FailedIn(model.Directory)[0]);
        OperationJob again = files.Operations.Jobs().MaxBy(j => j.Id)!;
        await again.Completion;
        Assert.Equal((1, 0), (again.Done, again.Failed));

        failures.Tick();
        new FailuresViewModel(files.Operations, model.Directory, TimeProvider.System).Tick();
        files.Operations.Dismiss(files.Operations.FailedIn(model.Directory)[0]);
        Assert.Equal(0, files.Operations.FailedCount);
        Assert.Equal(1, directory.Count);
    }

    [Fact]
    public async Task MoveToTrashAsync_CursorAmongThoseThatGo_MovesToTheNextThatStays()
    {
        (FakeFileSystem files, _, DirectoryViewModel model) = await OpenAsync(Numbered(10));
        files.RemovalsPerSecond = 1;
        await model.MoveCursorAsync(3, CursorMode.Select);
        await model.MoveCursorAsync(5, CursorMode.Extend);
        DeleteFlow flow = new(files, Alice, model);

        await flow.MoveToTrashAsync((await flow.PlanAsync()).Value!);

        Assert.Equal("f006", model.AtCursor()!.Value.Entry.Name.ToString());
        Assert.True(model.Selection.IsEmpty);
    }

    [Fact]
    public async Task MoveToTrashAsync_FolderWithThingsInIt_GoesWhole_AndUndoBringsItBackOnce()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b");
        FakeInode folder = files.NewDirectory();
        folder.Directory!.Put(Name("inside"), files.NewFile());
        directory.Put(Name("folder"), folder);
        model.Tick();
        model.SelectAll();
        UndoHistory undo = new(files);
        DeleteFlow flow = new(files, Alice, model);

        OperationJob job = (await flow.MoveToTrashAsync((await flow.PlanAsync()).Value!, undo))!;
        await job.Completion;
        Assert.Equal((3, 0, 0), (job.Done, job.Failed, directory.Count));
        Assert.Same(job, undo.Last);

        OperationJob restore = (await undo.UndoAsync(job))!;
        await restore.Completion;
        Assert.Equal((3, 3), (restore.Done, directory.Count));
        Assert.Same(folder, directory.Find(Name("folder")));
        Assert.False(UndoHistory.CanUndo(job, Alice));
        Assert.Null(await undo.UndoAsync(job));
        Assert.Null(undo.Last);
    }

    [Fact]
    public async Task UndoAsync_WhileItGoesOn_StopsItAndBringsBackWhatWasDone()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(200));
        files.RemovalsPerSecond = 1000;
        model.SelectAll();
        UndoHistory undo = new(files);
        DeleteFlow flow = new(files, Alice, model);
        OperationJob job = (await flow.MoveToTrashAsync((await flow.PlanAsync()).Value!, undo))!;

        OperationJob? restore = await undo.UndoAsync(job);

        Assert.True(job.IsFinished);
        Assert.Equal(job.Done, restore?.Done ?? 0);
        Assert.Equal(200, directory.Count);
    }
}
