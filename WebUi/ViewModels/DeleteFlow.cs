using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels.Undo;

namespace Capstan.WebUi.ViewModels;

/// <summary>Selection -> plan -> removal of exactly what the plan holds: to the trash, or for good when the user has confirmed the plan.</summary>
public sealed class DeleteFlow(IFileSystemClient client, Caller caller, DirectoryViewModel directory)
{
    private const int AtOnce = 1000;

    /// <summary>Reads what the selection means. An empty plan: nothing of it is left to delete.</summary>
    public async Task<FsResult<DeletePlan>> PlanAsync(Action<int>? progress = null, CancellationToken cancellation = default)
    {
        FsResult<IReadOnlyList<DirectoryEntry>> entries = await directory.ReadSelectionAsync(progress, cancellation);
        return entries.IsOk ? new DeletePlan(directory.Directory, entries.Value) : entries.Errno;
    }

    /// <summary>So much that it takes the processors from what draws the answer to the key.</summary>
    public static bool IsLarge(IReadOnlyList<DirectoryEntry> entries) => entries.Count > AtOnce;

    /// <summary>Starts the move; returns before it is done.</summary>
    public Task<OperationJob?> MoveToTrashAsync(DeletePlan plan, UndoHistory? undo = null) => StartAsync(plan, () =>
    {
        OperationJob job = client.MoveManyToTrash(caller, plan.Directory, plan.Entries);
        undo?.Did(job);
        return job;
    });

    /// <summary>Starts the removal, of folders with all that is in them; returns before it is done.</summary>
    public Task<OperationJob?> RemoveForGoodAsync(DeletePlan plan) => StartAsync(plan, () => Remove(client, caller, plan));

    public static OperationJob Remove(IFileSystemClient client, Caller caller, DeletePlan plan) =>
        plan.Folders > 0 ? client.RemoveTrees(caller, plan.Directory, plan.Entries) : client.RemoveMany(caller, plan.Directory, plan.Entries);

    /// <summary>The cursor goes to the next row that stays, else to the one before. Returns when all of the job is taken in.</summary>
    private async Task<OperationJob?> StartAsync(DeletePlan plan, Func<OperationJob> start)
    {
        if (plan.Count == 0)
            return null;
        OperationJob job = plan.Count <= AtOnce ? start() : await Task.Run(start); // the circuit goes on meanwhile
        directory.Selection.Clear();
        directory.Refresh();
        if (StayingRow() is { } row)
            await directory.MoveCursorAsync(row.Rank, CursorMode.Move);
        await job.TakenIn; // Until then some rows are leaving of which nothing else tells.
        return job;
    }

    // Among the rows drawn: where all of those go, the cursor may stay where it is.
    private DirectoryRow? StayingRow()
    {
        List<DirectoryRow> staying = [.. directory.Window.Rows.OfType<DirectoryRow>().Where(r => r.State is not (RowState.Pending or RowState.Leaving))];
        int next = staying.FindIndex(r => r.Rank >= directory.Cursor);
        return next >= 0 ? staying[next] : staying.Count > 0 ? staying[^1] : null;
    }
}
