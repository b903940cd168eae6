using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;

namespace Capstan.ClientGateway.Administration;

// What is done to the caches of a path.
internal sealed partial class GatewayAdministration
{
    public CacheExtent Measure(string path, bool subtree)
    {
        lock (core.Gate)
            return Measure(Below(path, subtree));
    }

    public CacheExtent Drop(string path, bool subtree)
    {
        lock (core.Gate)
        {
            List<DirectoryState> dropped = Below(path, subtree);
            CacheExtent extent = Measure(dropped);
            foreach (DirectoryState directory in dropped)
                directory.DropPages(EvictionCause.Manual);
            return extent;
        }
    }

    public CacheExtent ReleaseCaps(string path, bool subtree)
    {
        CacheExtent extent;
        lock (core.Gate)
        {
            List<DirectoryState> of = Below(path, subtree);
            extent = Measure(of);
            foreach (DirectoryState directory in of)
            {
                if (core.Caps.Find(directory.Ino) is not { } record || IsInUse(directory, record))
                    continue;
                core.Caps.Release(directory.Ino);
                core.Directories.OnCapsLost(directory.Ino, asOfNow: true);
            }
        }
        loop.Flush();
        return extent;
    }

    private CacheExtent Measure(List<DirectoryState> directories)
    {
        int pages = 0, caps = 0, inUse = 0;
        long bytes = 0;
        foreach (DirectoryState directory in directories)
        {
            pages += directory.PageCount;
            bytes += directory.Bytes;
            if (core.Caps.Find(directory.Ino) is not { } record)
                continue;
            caps++;
            inUse += IsInUse(directory, record) ? 1 : 0;
        }
        return new CacheExtent(directories.Count, pages, bytes, caps, inUse);
    }

    private bool IsInUse(DirectoryState directory, CapRecord record) =>
        directory.Viewers > 0 || record.References > 0 || core.Operations.InFlight(directory.Ino) > 0;

    /// <summary>Directories whose number alone is known are below the root and no other.</summary>
    private List<DirectoryState> Below(string path, bool subtree)
    {
        path = path.Length > 1 ? path.TrimEnd('/') : path;
        return [.. core.Directories.Directories.Where(d => d.Path == path || (subtree && (path == "/" || d.Path?.StartsWith(path + "/", StringComparison.Ordinal) == true)))];
    }
}
