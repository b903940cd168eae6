using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Walks;

/// <summary>Counts what is in the chosen trees, the chosen entries among them.</summary>
internal sealed class TreeCount : TreeWalk, ITreeCount
{
    private long _changes = 1;
    private long _files;
    private long _folders;
    private long _bytes;
    private long _unreadable;
    private volatile bool _isComplete;

    public TreeCount(GatewayCore core, Action flush, Caller caller, IReadOnlyList<DirectoryEntry> entries)
        : base(core, flush, caller)
    {
        foreach (DirectoryEntry entry in entries)
        {
            Count(PageRow.Of(entry.Attributes));
            if (entry.Attributes.IsDirectory)
                Add(new WalkNode(this, null, entry.Name, entry.Attributes));
        }
    }

    public long ChangeCounter => Interlocked.Read(ref _changes);

    public bool IsComplete => _isComplete;

    public long Files => Interlocked.Read(ref _files);

    public long Folders => Interlocked.Read(ref _folders);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Unreadable => Interlocked.Read(ref _unreadable);

    public void Dispose() => Stop();

    protected override void OnPage(WalkNode directory, DirectoryPage page)
    {
        for (int i = 0; i < page.Count; i++)
            Count(page.Row(i));
        Interlocked.Increment(ref _changes);
    }

    protected override void OnUnreadable(WalkNode directory, FsErrno errno)
    {
        Interlocked.Increment(ref _unreadable);
        Interlocked.Increment(ref _changes);
    }

    protected override void OnEnded(bool isComplete)
    {
        _isComplete = isComplete;
        Interlocked.Increment(ref _changes);
    }

    private void Count(in PageRow row)
    {
        FileKind kind = (FileKind)(row.Mode >> 12);
        Interlocked.Increment(ref kind == FileKind.Directory ? ref _folders : ref _files);
        if (kind == FileKind.File)
            Interlocked.Add(ref _bytes, row.Size);
    }
}
