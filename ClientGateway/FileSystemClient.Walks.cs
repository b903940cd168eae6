using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Walks;
using Capstan.Shared;

namespace Capstan.ClientGateway;

// What reads whole trees.
public sealed partial class FileSystemClient
{
    public ISearch Search(Caller caller, InodeAttributes root, SearchSpec spec)
    {
        TreeSearch search = new(_core, _loop.Flush, caller, root, spec);
        search.Start();
        return search;
    }

    public OperationJob ChangeAttributes(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries, AttributeChange change, bool enclosed)
    {
        InodeId first = entries.Count > 0 ? entries[0].Directory : InodeId.None;
        string title = entries.Count == 1 ? $"Change attributes of {entries[0].Entry.Name}" : $"Change attributes of {entries.Count:N0} items";
        JobFile? file = Write(
            JobForm.Attributes, JobKind.Attributes, title, caller, first, entries,
            e => new JobEntry(new InodeAddress(e.Directory, e.Entry.Name, e.Entry.Attributes.Ino)) { Attributes = e.Entry.Attributes }, change, enclosed);
        TrackedJob job;
        lock (_core.Gate)
            job = _core.Operations.AddJob(JobKind.Attributes, title, caller, first, entries.Count, file);
        job.Change = change;
        _ = Task.Run(async () => new AttributeTree(_core, _loop.Flush, job, await AsTheyAreAsync(caller, entries).ConfigureAwait(false), change, enclosed).Begin());
        return job;
    }

    public ITreeCount CountTrees(Caller caller, IReadOnlyList<DirectoryEntry> entries)
    {
        TreeCount count = new(_core, _loop.Flush, caller, entries);
        count.Start();
        return count;
    }
}
