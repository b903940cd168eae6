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

    public ITreeCount CountTrees(Caller caller, IReadOnlyList<DirectoryEntry> entries)
    {
        TreeCount count = new(_core, _loop.Flush, caller, entries);
        count.Start();
        return count;
    }
}
