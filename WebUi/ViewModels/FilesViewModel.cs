using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

public enum FilesState
{
    Loading,
    Directory,
    File,
    Problem,
}

/// <summary>What is at the path that the address names: a directory with all that belongs to it, a file, or the reason why neither.</summary>
public sealed class FilesViewModel(IFileSystemClient client, Caller caller, TimeProvider time) : IDisposable
{
    private readonly LinkWalk _links = new(client, caller);
    private CancellationTokenSource _opening = new();
    private FilePath? _left;
    private (int Rows, int Columns) _sight = (40, 1);

    /// <summary>Something arrived that a redraw will show. Raised on any thread.</summary>
    public event Action? Arrived;

    public FilesState State { get; private set; } = FilesState.Loading;

    public FilePath Path { get; private set; } = FilePath.Root;

    public FsErrno Errno { get; private set; }

    /// <summary>What failed is a link, which is there itself.</summary>
    public bool IsLink { get; private set; }

    /// <summary>The path goes through symbolic links: what it names has this path, and nothing was opened.</summary>
    public FilePath? LeadsTo { get; private set; }

    /// <summary>The directory, in state Directory.</summary>
    public DirectoryViewModel? Directory { get; private set; }

    public DeleteFlow? Delete { get; private set; }

    public FailuresViewModel? Failures { get; private set; }

    public SymlinkTargets? Links { get; private set; }

    public ListKeys? Keys { get; private set; }

    /// <summary>The file, in state File.</summary>
    public ResolvedPath? File { get; private set; }

    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>Opens what <paramref name="path"/> names. Coming from below, the cursor goes to where we came from.</summary>
    public Task OpenAsync(FilePath path) => OpenAsync(path, ViewSpec.Stored);

    /// <summary>The same path with another spec is the same list in another order.</summary>
    public async Task OpenAsync(FilePath path, ViewSpec spec)
    {
        if (State == FilesState.Directory && path == Path && Directory is { } open && spec != open.Spec)
        {
            open.Arrange(spec);
            return;
        }
        await _opening.CancelAsync();
        _opening.Dispose();
        _opening = new CancellationTokenSource();
        CancellationToken cancellation = _opening.Token;
        FilePath left = _left ?? path;
        _left = path;
        Close();
        (Path, LeadsTo) = (path, null);
        State = FilesState.Loading;
        Since = time.GetUtcNow();
        try
        {
            await OpenAsync(path, spec, left, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Another path was opened meanwhile.
        }
    }

    public void Fail(FsErrno errno, bool isLink = false)
    {
        (Errno, IsLink) = (errno, isLink);
        State = FilesState.Problem;
    }

    /// <summary>Where opening a row leads: a directory or file of the tree. <see cref="FsErrno.NotSupported"/> for a link that leads out of it.</summary>
    public async Task<FsResult<(FilePath Path, bool IsDirectory)>> TargetOfAsync(DirectoryEntry entry, CancellationToken cancellation = default)
    {
        FilePath path = Path.Append(entry.Name);
        if (entry.Attributes.Kind != FileKind.Symlink)
            return (path, entry.Attributes.IsDirectory);
        FsResult<(FilePath Path, ResolvedPath Found)> led = await _links.FollowAsync(path, cancellation);
        return led.IsOk ? (led.Value.Path, led.Value.Found.Attributes.IsDirectory) : led.Errno;
    }

    /// <summary>Follows what changed; true when something drawn is different.</summary>
    public bool Tick()
    {
        bool changed = Directory?.Tick() ?? State == FilesState.Loading;
        return (Failures?.Tick() ?? false) || changed;
    }

    public void Dispose()
    {
        _opening.Cancel();
        _opening.Dispose();
        Close();
    }

    private async Task OpenAsync(FilePath path, ViewSpec spec, FilePath left, CancellationToken cancellation)
    {
        FsResult<ResolvedPath> resolved = await client.ResolveAsync(caller, path.Names, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (resolved.Errno == FsErrno.NotDirectory || resolved is { IsOk: true, Value.Attributes.Kind: FileKind.Symlink })
        {
            FsResult<(FilePath Path, ResolvedPath Found)> led = await _links.FollowAsync(path, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (led.IsOk)
                LeadsTo = led.Value.Path;
            else
                Fail(led.Errno, resolved.IsOk);
            return;
        }
        if (!resolved.IsOk)
        {
            Fail(resolved.Errno);
            return;
        }
        if (!resolved.Value.Attributes.IsDirectory)
        {
            File = resolved.Value;
            State = FilesState.File;
            return;
        }

        FsResult<IDirectoryView> view = await client.OpenDirectoryAsync(caller, resolved.Value.Attributes.Ino, cancellation: cancellation);
        if (!view.IsOk)
        {
            Fail(view.Errno);
            return;
        }
        if (cancellation.IsCancellationRequested)
        {
            view.Value.Dispose();
            return;
        }
        DirectoryViewModel directory = new(view.Value, time);
        directory.Arrived += OnArrived;
        Directory = directory;
        Delete = new DeleteFlow(client, caller, directory);
        Failures = new FailuresViewModel(client.Operations, directory.Directory, time);
        Links = new SymlinkTargets(client, caller, directory.Directory);
        Keys = new ListKeys(directory, new TypeAhead(directory, time));
        State = FilesState.Directory;
        directory.Arrange(spec);
        // What is in sight, and no more, is drawn with the folder; the rows around it are asked for once it has been seen (viewport.js).
        directory.Look(0, _sight.Rows, 0, _sight.Rows, _sight.Columns);
        bool cameFromBelow = left.Names.Count > path.Names.Count && left.Ancestor(path.Names.Count) == path;
        if (cameFromBelow)
            await directory.FocusAsync(left.Names[path.Names.Count]);
    }

    private void OnArrived() => Arrived?.Invoke();

    private void Close()
    {
        if (Directory is { } open)
        {
            open.Arrived -= OnArrived;
            _sight = (open.VisibleCount, open.Columns);
            open.Dispose();
        }
        Directory = null;
        Delete = null;
        Failures = null;
        Links = null;
        Keys = null;
        File = null;
    }
}
