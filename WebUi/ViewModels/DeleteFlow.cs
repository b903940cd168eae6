using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Selection -> plan -> (the user confirms the plan) -> removal of exactly what the plan holds.</summary>
public sealed class DeleteFlow(IFileSystemClient client, Caller caller, DirectoryViewModel directory)
{
    private const int AtOnce = 1000;

    /// <summary>Reads what the selection means. An empty plan: nothing of it is left to delete.</summary>
    public async Task<FsResult<DeletePlan>> PlanAsync(Action<int>? progress = null, CancellationToken cancellation = default)
    {
        FsResult<IReadOnlyList<DirectoryEntry>> entries = await directory.ReadSelectionAsync(progress, cancellation);
        return entries.IsOk ? new DeletePlan(directory.Directory, entries.Value) : entries.Errno;
    }

    /// <summary>Starts the removal; returns before it is done. The cursor goes to the next row that stays, else to the one before.</summary>
    public async Task ExecuteAsync(DeletePlan plan)
    {
        if (plan.Count == 0)
            return;
        if (plan.Count == 1)
            client.Remove(caller, plan.Directory, plan.Entries[0]);
        else if (plan.Count <= AtOnce)
            client.RemoveMany(caller, plan.Directory, plan.Entries);
        else
            await Task.Run(() => client.RemoveMany(caller, plan.Directory, plan.Entries)); // the circuit goes on meanwhile
        directory.Selection.Clear();
        directory.Refresh();
        if (StayingRow() is { } row)
            await directory.MoveCursorAsync(row.Rank, CursorMode.Move);
    }

    // Among the rows drawn: where all of those go, the cursor may stay where it is.
    private DirectoryRow? StayingRow()
    {
        List<DirectoryRow> staying = [.. directory.Window.Rows.OfType<DirectoryRow>().Where(r => r.State != RowState.Pending)];
        int next = staying.FindIndex(r => r.Rank >= directory.Cursor);
        return next >= 0 ? staying[next] : staying.Count > 0 ? staying[^1] : null;
    }
}
