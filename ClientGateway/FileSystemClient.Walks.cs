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

    public OperationJob ChangeAttributes(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries, AttributeChange change, bool enclosed)
    {
        string title = entries.Count == 1 ? $"Change attributes of {entries[0].Name}" : $"Change attributes of {entries.Count:N0} items";
        JobFile? file = Write(
            JobForm.Attributes, JobKind.Attributes, title, caller, directory, entries, e => new JobEntry(new InodeAddress(directory, e.Name, e.Attributes.Ino)) { Attributes = e.Attributes }, change, enclosed);
        TrackedJob job;
        lock (_core.Gate)
            job = _core.Operations.AddJob(JobKind.Attributes, title, caller, directory, entries.Count, file);
        job.Change = change;
        new AttributeTree(_core, _loop.Flush, job, directory, entries, change, enclosed).Begin();
        return job;
    }

    public ITreeCount CountTrees(Caller caller, IReadOnlyList<DirectoryEntry> entries)
    {
        TreeCount count = new(_core, _loop.Flush, caller, entries);
        count.Start();
        return count;
    }
}
