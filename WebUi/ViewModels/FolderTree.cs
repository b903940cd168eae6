using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// The folders beside the list: read when they are opened, live while they are. What is open stays so while the circuit lives. Not
/// thread-safe: lives on its circuit's dispatcher.
/// </summary>
public sealed class FolderTree(IFileSystemClient client) : IDisposable
{
    /// <summary>Folders come first in an arrangement, which needs the whole listing: not for more entries than this.</summary>
    private const int MaxArranged = 50_000;

    /// <summary>Entries looked through for folders where there are more.</summary>
    private const int Looked = 2_000;

    private const int MaxChildren = 500;

    private readonly CancellationTokenSource _closing = new();
    private Caller _caller = null!;
    private FolderLinks _links = null!;
    private List<FolderNode>? _rows;

    /// <summary>Something arrived that a redraw will show. Raised on the dispatcher that opened it.</summary>
    public event Action? Arrived;

    public FolderNode Root { get; } = new(FilePath.Root, InodeId.Root) { IsExpanded = true };

    /// <summary>What is to be seen of it, from the top.</summary>
    public IReadOnlyList<FolderNode> Rows => _rows ??= Flatten();

    public async Task OpenAsync(Caller caller)
    {
        _caller = caller;
        _links ??= new FolderLinks(client, caller);
        if (Root.View is null)
            await LoadAsync(Root);
    }

    public async Task ExpandAsync(FolderNode node)
    {
        if (node.IsExpanded)
            return;
        node.IsExpanded = true;
        Redraw();
        await LoadAsync(node);
    }

    public void Collapse(FolderNode node)
    {
        node.IsExpanded = false;
        CloseBelow(node);
        Redraw();
    }

    /// <summary>Opens what lies above a path; the node of the path itself when it is there.</summary>
    public async Task<FolderNode?> RevealAsync(FilePath path)
    {
        FolderNode at = Root;
        for (int depth = 0; depth < path.Names.Count; depth++)
        {
            await ExpandAsync(at);
            if (at.Children.FirstOrDefault(c => c.Path.Name == path.Names[depth]) is not { } child)
                return null;
            at = child;
        }
        return at;
    }

    /// <summary>Opens folders that were open before; those that are gone are passed over.</summary>
    public async Task ReopenAsync(IEnumerable<FilePath> paths)
    {
        foreach (FilePath path in paths)
        {
            if (await RevealAsync(path) is { IsEmpty: false } node)
                await ExpandAsync(node);
        }
    }

    public FolderNode? Find(FilePath path) => Rows.FirstOrDefault(n => n.Path == path);

    /// <summary>Reads folders again that have changed; true when something did.</summary>
    public bool Tick()
    {
        bool changed = false;
        foreach (FolderNode node in Rows.Where(n => n is { IsExpanded: true, IsLoading: false, View: not null }).ToList())
        {
            if (node.View!.ChangeCounter == node.SeenCounter)
                continue;
            changed = true;
            _ = ReadAsync(node);
        }
        return changed;
    }

    /// <summary>Nobody looks at it for now: what is open is remembered, and read again by the next <see cref="OpenAsync"/>.</summary>
    public void Rest()
    {
        foreach (FolderNode node in Flatten())
            node.Close();
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
        Rest();
    }

    private async Task LoadAsync(FolderNode node)
    {
        if (node.IsLoading)
            return;
        node.IsLoading = true;
        try
        {
            FsResult<IDirectoryView> opened = await client.OpenDirectoryAsync(_caller, node.Ino, cancellation: _closing.Token);
            node.Errno = opened.Errno;
            if (!opened.IsOk)
                return;
            node.Close();
            node.Stored = opened.Value;
            node.View = opened.Value!.Count <= MaxArranged ? opened.Value.Arranged(new ViewSpec(SortColumn.Name)) : opened.Value;
            await ReadRowsAsync(node);
        }
        catch (OperationCanceledException)
        {
            // The circuit is gone.
            return;
        }
        finally
        {
            node.IsLoading = false;
            Redraw();
        }
        foreach (FolderNode child in node.Children.Where(c => c is { IsExpanded: true, View: null }).ToList())
            await LoadAsync(child);
    }

    private async Task ReadAsync(FolderNode node)
    {
        node.IsLoading = true;
        try
        {
            await ReadRowsAsync(node);
        }
        catch (OperationCanceledException)
        {
            // The circuit is gone.
        }
        finally
        {
            node.IsLoading = false;
            Redraw();
        }
    }

    private async Task ReadRowsAsync(FolderNode node)
    {
        if (node.View is not { } view)
            return;
        node.SeenCounter = view.ChangeCounter;
        if (view is IArrangedView arranged)
            await arranged.WhenReadyAsync(_closing.Token);
        bool foldersFirst = view is IArrangedView { State: ArrangementState.Ready };
        List<DirectoryEntry> folders = [];
        long at = 0;
        bool more = true;
        while (more && folders.Count < MaxChildren && at < (foldersFirst ? view.Count : Math.Min(view.Count, Looked)))
        {
            FsResult<IReadOnlyList<DirectoryRow>> rows = await view.ReadAsync(at, 200, _closing.Token);
            node.Errno = rows.Errno;
            if (!rows.IsOk || rows.Value!.Count == 0)
                break;
            folders.AddRange(rows.Value.Where(r => r.Entry.Attributes.IsDirectory).Select(r => r.Entry));
            more = !foldersFirst || rows.Value[^1].Entry.Attributes.IsDirectory;
            at += rows.Value.Count;
        }
        node.IsTruncated = folders.Count >= MaxChildren || (!foldersFirst && view.Count > at);
        Take(node, folders.Take(MaxChildren), await LinksAsync(node, view));
    }

    /// <summary>Links are among the files, so only of a folder that can be looked through.</summary>
    private async Task<IReadOnlyList<(DirectoryEntry Link, FilePath Target)>> LinksAsync(FolderNode node, IDirectoryView view)
    {
        if (node.Errno != FsErrno.Ok || view.Count > Looked)
            return [];
        FsResult<IReadOnlyList<DirectoryRow>> rows = await view.ReadAsync(0, Looked, _closing.Token);
        return rows.IsOk ? await _links.FindAsync(node, rows.Value!.Select(r => r.Entry), _closing.Token) : [];
    }

    private static void Take(FolderNode node, IEnumerable<DirectoryEntry> folders, IReadOnlyList<(DirectoryEntry Link, FilePath Target)> links)
    {
        Dictionary<FileName, FolderNode> before = node.Children.ToDictionary(c => c.Path.Name);
        List<FolderNode> children = [];
        foreach (DirectoryEntry folder in folders)
        {
            if (!before.Remove(folder.Name, out FolderNode? child) || child.Ino != folder.Attributes.Ino)
                child = new FolderNode(node.Path.Append(folder.Name), folder.Attributes.Ino);
            child.IsEmpty = folder.Attributes.Size == 0;
            children.Add(child);
        }
        foreach ((DirectoryEntry link, FilePath target) in links)
        {
            if (!before.Remove(link.Name, out FolderNode? child) || child.Ino != link.Attributes.Ino)
                child = new FolderNode(node.Path.Append(link.Name), link.Attributes.Ino) { Target = target, IsEmpty = true };
            children.Add(child);
        }
        foreach (FolderNode gone in before.Values)
            CloseBelow(gone);
        node.Children = children;
        node.IsRead = true;
    }

    private static void CloseBelow(FolderNode node)
    {
        node.Close();
        foreach (FolderNode child in node.Children)
            CloseBelow(child);
    }

    private void Redraw()
    {
        _rows = null;
        Arrived?.Invoke();
    }

    private List<FolderNode> Flatten()
    {
        List<FolderNode> rows = [];
        Add(Root);
        return rows;

        void Add(FolderNode node)
        {
            rows.Add(node);
            if (!node.IsExpanded)
                return;
            foreach (FolderNode child in node.Children)
                Add(child);
        }
    }
}
