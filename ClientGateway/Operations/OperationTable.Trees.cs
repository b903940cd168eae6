using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

// Removals of whole trees that are under way.
internal sealed partial class OperationTable
{
    private readonly List<TreeRemoval> _trees = [];

    public IReadOnlyList<TreeRemoval> Trees => _trees;

    /// <summary>Removes each root with all that is under it, as one job. A root that is no directory is unlinked.</summary>
    /// <param name="files">Roots that are known to be no directories: they are not listed first.</param>
    public TrackedJob RemoveTrees(string title, Caller caller, IReadOnlyList<InodeAddress> roots, IReadOnlySet<InodeId>? files = null, IJobNotes? notes = null)
    {
        TrackedJob job = AddJob(JobKind.Delete, title, caller, roots.Count > 0 ? roots[0].Dir : InodeId.None, roots.Count, notes);
        RemoveTrees(job, roots, files);
        return job;
    }

    public void RemoveTrees(TrackedJob job, IReadOnlyList<InodeAddress> roots, IReadOnlySet<InodeId>? files = null)
    {
        TreeRemoval tree = new(this, directories, job);
        foreach (InodeAddress root in roots)
            tree.AddRoot(root.Dir, root.Name, root.Ino, files?.Contains(root.Ino) == true);
        job.Tree = tree;
        _trees.Add(tree);
        PumpTrees();
    }

    /// <summary>What the job has left: of trees whatever is still there, otherwise each operation that failed and was not dismissed.</summary>
    public TrackedJob Again(TrackedJob finished, IJobNotes? notes = null)
    {
        TrackedOperation[] failed = FailedOf(finished);
        if (finished.Tree is { } tree)
        {
            foreach (TrackedOperation operation in failed)
                Dismiss(operation);
            return RemoveTrees(finished.Title, finished.Caller, LeftOf(tree), notes: notes);
        }
        TrackedJob job = AddJob(finished.Kind, finished.Title, finished.Caller, finished.Directory, failed.Length, notes);
        job.Change = finished.Change;
        foreach (TrackedOperation operation in failed)
            Resend(operation, job);
        return job;
    }

    public TrackedOperation[] FailedOf(TrackedJob job) => [.. job.Failures.Select(f => f.Operation).OfType<TrackedOperation>().Where(o => o.Node is not null)];

    public InodeAddress[] LeftOf(TreeRemoval tree) => [.. tree.Roots.Where(r => r.Outcome != OperationState.Done).Select(r => new InodeAddress(r.Directory, r.Name, r.Ino))];

    /// <summary>A failed operation anew; the old one's place on the page is taken by it.</summary>
    public TrackedOperation Resend(TrackedOperation failed, TrackedJob? job)
    {
        Dismiss(failed);
        return Add(failed.Kind, failed.Caller, failed.Request, failed.Directory, failed.Name, job, failed.Victim, failed.Second);
    }

    private void PumpTrees()
    {
        for (int i = _trees.Count - 1; i >= 0; i--)
        {
            _trees[i].Pump();
            if (_trees[i].Job.IsFinished)
                _trees.RemoveAt(i);
        }
    }
}
