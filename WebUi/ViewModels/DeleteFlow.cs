using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Selection -> plan -> (the user confirms the plan) -> removal of exactly what the plan holds.</summary>
public sealed class DeleteFlow(IFileSystemClient client, Caller caller, DirectoryViewModel directory)
{
    /// <summary>Reads what the selection means. An empty plan: nothing of it is left to delete.</summary>
    public async Task<FsResult<DeletePlan>> PlanAsync(Action<int>? progress = null, CancellationToken cancellation = default)
    {
        using SelectionResolver resolver = new(directory);
        FsResult<IReadOnlyList<DirectoryEntry>> entries = await resolver.ResolveAsync(() => progress?.Invoke(resolver.Found), cancellation);
        return entries.IsOk ? new DeletePlan(directory.Directory, entries.Value) : entries.Errno;
    }

    /// <summary>Starts the removal; returns before it is done. The cursor goes to the next row that stays, else to the one before.</summary>
    public async Task ExecuteAsync(DeletePlan plan)
    {
        if (plan.Count == 0)
            return;
        if (plan.Count == 1)
            client.Remove(caller, plan.Directory, plan.Entries[0]);
        else
            client.RemoveMany(caller, plan.Directory, plan.Entries);
        HashSet<FileName> going = [.. plan.Entries.Select(e => e.Name)];
        directory.Selection.Clear();
        await directory.MoveCursorAsync(await StayingRowAsync(going), CursorMode.Move);
        directory.Refresh();
    }

    // Looks no further than the neighbourhood: with more than that going, any row will do.
    private async Task<long> StayingRowAsync(HashSet<FileName> going)
    {
        long at = directory.Cursor;
        foreach (int step in new[] { 1, -1 })
            for (long rank = at; rank >= 0 && rank < directory.Count && Math.Abs(rank - at) < 500; rank += step)
                if (await directory.RowAtAsync(rank) is { } row && !going.Contains(row.Entry.Name))
                    return rank;
        return at;
    }
}
