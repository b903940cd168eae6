using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

/// <summary>Entries of the trash that something is being done with.</summary>
/// <param name="Places">Where they go; null when they are purged.</param>
internal sealed record TrashWork(OperationJob Job, IReadOnlyList<TrashEntry> Entries, IReadOnlyList<TrashPlace>? Places)
{
    /// <summary>Those that the job could not do, and what failed.</summary>
    public IEnumerable<(TrashEntry Entry, JobFailure Failure)> Failed()
    {
        Dictionary<(InodeId, FileName), int> asked = [];
        for (int i = 0; i < Entries.Count; i++)
            asked[Places is null ? (InodeId.Trash, Entries[i].Id.ToName()) : (Places[i].Directory, Places[i].Name)] = i;
        foreach (JobFailure failure in Job.Failures)
        {
            if (failure.Operation is { } operation && asked.TryGetValue((operation.Directory, operation.Name), out int i))
                yield return (Entries[i], failure);
        }
    }
}
