using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

// Operations of large jobs that are not taken in yet, and what must not overtake them.
internal sealed partial class OperationTable
{
    private readonly List<OutsideOperations> _outside = []; // In the order in which they were asked for.

    public void AddOutside(OutsideOperations outside) => _outside.Add(outside);

    public void RemoveOutside(OutsideOperations outside) => _outside.Remove(outside);

    /// <summary>What was asked for earlier on this name, and is outside, is taken in.</summary>
    /// <param name="job">Of the operation that is to come after it.</param>
    public void TakeInFirst(InodeId directory, FileName name, TrackedJob? job = null)
    {
        for (int i = 0; i < _outside.Count && (job is null || _outside[i].Job != job); i++)
            _outside[i].TakeIn(directory, name);
    }

    /// <summary>Jobs that have operations in a directory outside.</summary>
    public IEnumerable<TrackedJob> OutsideOf(InodeId directory) => _outside.Where(o => o.IsAbout(directory)).Select(o => o.Job);

    private void TakeInFirst(TrackedOperation operation)
    {
        TakeInFirst(operation.Directory, operation.Name, operation.TrackedJob);
        if (!operation.Second.Dir.IsNone)
            TakeInFirst(operation.Second.Dir, operation.Second.Name, operation.TrackedJob);
        if (operation.Kind is not (OperationKind.Rmdir or OperationKind.Trash))
            return;
        // A directory is to go, with or without what is in it by then.
        for (int i = 0; i < _outside.Count && _outside[i].Job != operation.TrackedJob; i++)
            _outside[i].TakeIn(operation.Victim);
    }
}
