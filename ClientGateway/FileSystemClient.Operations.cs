using System.Diagnostics;
using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

// The mutations: each becomes a tracked operation and returns at once.
public sealed partial class FileSystemClient
{
    /// <summary>Entries of a bulk call taken in under one hold of the lock: readers get their turn between.</summary>
    private const int BulkChunk = 2048;

    /// <summary>So many are taken in before it is looked whether somebody waits: less than a millisecond.</summary>
    private const int BulkStep = 256;

    /// <summary>
    /// Of a job, so many operations are under way at most while they flow, which is as many as one directory has sent (<see cref="GatewayOptions.MaxInFlightPerDirectory"/>): each that is
    /// alive is copied by the next collection with everybody stopped.
    /// </summary>
    private const int BulkAhead = 16_384;

    /// <summary>While readers ask for rows, a job that does not go ahead as a whole rests so long between two chunks, and they have the processor: it keeps a third of its pace.</summary>
    private static readonly TimeSpan BulkRest = TimeSpan.FromMilliseconds(80);

    /// <summary>From one look whether there is room to the next; twice as long each time, up to <see cref="BulkRest"/>: what stands in the way may be a job that is paused for hours.</summary>
    private static readonly TimeSpan BulkLook = TimeSpan.FromMilliseconds(2);

    /// <summary>Who asked for rows so short a time ago is taken to ask again.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    public PendingOperation Remove(Caller caller, InodeId directory, DirectoryEntry entry)
    {
        TrackedOperation operation;
        lock (_core.Gate)
            operation = AddRemoval(caller, directory, entry, null);
        _loop.Flush();
        return operation;
    }

    public OperationJob RemoveMany(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries)
    {
        string title = entries.Count == 1 ? $"Delete {entries[0].Name}" : $"Delete {entries.Count:N0} items";
        return RunMany(JobKind.Delete, title, caller, directory, entries, (entry, job) => AddRemoval(caller, directory, entry, job), JobForm.Remove, e => JobEntryOf(directory, e), directory);
    }

    public OperationJob RemoveTree(Caller caller, InodeAddress target) => RemoveTrees($"Delete {target.Name}", caller, [target]);

    public OperationJob RemoveTrees(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries) => RemoveTrees(caller, [.. entries.Select(e => (directory, e))]);

    public OperationJob RemoveTrees(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries) => RemoveTrees(
        entries.Count == 1 ? $"Delete {entries[0].Entry.Name}" : $"Delete {entries.Count:N0} items",
        caller,
        [.. entries.Select(e => new InodeAddress(e.Directory, e.Entry.Name, e.Entry.Attributes.Ino))],
        entries.Where(e => !e.Entry.Attributes.IsDirectory).Select(e => e.Entry.Attributes.Ino).ToHashSet());

    public PendingOperation CreateFile(Caller caller, InodeId directory, FileName name, uint permissions) =>
        Submit(OperationKind.Create, caller, new CreateOperation(directory, name, permissions, Exclusive: true), directory, name);

    public PendingOperation MakeDirectory(Caller caller, InodeId directory, FileName name, uint permissions) =>
        Submit(OperationKind.Mkdir, caller, new MkdirOperation(directory, name, permissions), directory, name);

    public PendingOperation MakeSymlink(Caller caller, InodeId directory, FileName name, byte[] target) =>
        Submit(OperationKind.Symlink, caller, new SymlinkOperation(directory, name, target), directory, name);

    public PendingOperation Link(Caller caller, InodeAddress source, InodeId directory, FileName name) =>
        Submit(OperationKind.Link, caller, new LinkOperation(source, directory, name), directory, name, second: (source.Dir, source.Name));

    public PendingOperation Rename(Caller caller, InodeAddress source, InodeId directory, FileName name, bool noReplace) =>
        Submit(OperationKind.Rename, caller, new RenameOperation(source, directory, name, noReplace), source.Dir, source.Name, source.Ino, (directory, name));

    /// <summary>A job that is written down first.</summary>
    private TrackedJob RunMany<T>(
        JobKind kind, string title, Caller caller, InodeId directory, IReadOnlyList<T> items, Func<T, TrackedJob, TrackedOperation> add, JobForm form, Func<T, JobEntry> entry, InodeId within = default) =>
        RunMany(kind, title, caller, directory, items, add, Write(form, kind, title, caller, directory, items, entry), entry, within);

    /// <param name="within">The directory that all items are in, if they are in one.</param>
    private TrackedJob RunMany<T>(
        JobKind kind, string title, Caller caller, InodeId directory, IReadOnlyList<T> items, Func<T, TrackedJob, TrackedOperation> add, JobFile? file, Func<T, JobEntry> entry,
        InodeId within = default)
    {
        TrackedJob job;
        lock (_core.Gate)
            job = _core.Operations.AddJob(kind, title, caller, directory, items.Count, file);
        Task takenIn = AddAllAsync(job, items, add, entry, within);
        if (takenIn.IsFaulted)
            takenIn.GetAwaiter().GetResult(); // Told at once, as long as there is a caller to tell.
        job.TakenInBy(takenIn);
        return job;
    }

    /// <summary>Of most jobs done when it returns.</summary>
    private async Task AddAllAsync<T>(TrackedJob job, IReadOnlyList<T> items, Func<T, TrackedJob, TrackedOperation> add, Func<T, JobEntry> entry, InodeId within = default)
    {
        int count = items.Count;
        OutsideOperations outside = new(job, count, within, (place, which) => ClaimOf(entry(items[place]), which), place => add(items[place], job));
        int endedBefore = job.Ended;
        long began = _core.Time.GetTimestamp(); // Who deletes has just looked at what is deleted: that alone is no reader beside it.
        try
        {
            while (outside.Next < count)
            {
                lock (_core.Gate)
                {
                    if (job.IsCancelled)
                    {
                        _core.Operations.LeaveOut(job, outside.Left);
                        return;
                    }
                    if (outside.Next == 0)
                    {
                        _core.Operations.ExpectMore(Math.Min(count, BulkAhead));
                        _core.Operations.AddOutside(outside);
                    }
                    int end = Math.Min(count, outside.Next + BulkChunk);
                    do
                        outside.TakeIn();
                    while (outside.Next < end && !(outside.Next % BulkStep == 0 && _core.Turns.IsAwaited));
                }
                _loop.Flush();
                _core.Turns.LetOthersAhead();
                if (outside.Next < count && count > BulkAhead)
                    await MakeRoomAsync(job, endedBefore + count - outside.Left, began).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_core.Gate)
                _core.Operations.RemoveOutside(outside);
        }
    }

    private static (InodeId Dir, FileName Name) ClaimOf(JobEntry entry, int which) =>
        which == 0 ? (entry.Source.Dir, entry.Source.Name) : entry.Trash is { } id ? (InodeId.Trash, id.ToName()) : default;

    /// <summary>
    /// Before more is taken in. While readers have asked for rows since it began, one chunk is under way, and between two is a rest. Nobody waits while nothing gets on: while the job is paused or cancelled, or the
    /// MDS does not answer.
    /// </summary>
    private async Task MakeRoomAsync(TrackedJob job, int taken, long began)
    {
        TimeSpan look = BulkLook;
        while (job.Ended < taken - (IsAsked() ? BulkChunk : BulkAhead) && !job.IsPaused && !job.IsCancelled && _core.Operations.IsConnected)
        {
            await Task.Delay(look, _core.Time).ConfigureAwait(false);
            look = look * 2 < BulkRest ? look * 2 : BulkRest;
        }
        if (IsAsked())
            await Task.Delay(BulkRest, _core.Time).ConfigureAwait(false);

        bool IsAsked() => _core.Directories.IsAsked(Lately, began);
    }

    private TrackedJob RemoveTrees(string title, Caller caller, IReadOnlyList<InodeAddress> roots, IReadOnlySet<InodeId>? files = null)
    {
        if (roots.Any(r => r.Dir.IsNone || r.Name.IsEmpty || r.Ino.IsNone))
            throw new ArgumentException("A tree is removed by its directory, its name and its number.", nameof(roots));
        JobFile? file = roots.Count == 0 ? null : Write(JobForm.RemoveTrees, JobKind.Delete, title, caller, roots[0].Dir, roots, r => new JobEntry(r));
        TrackedJob job;
        lock (_core.Gate)
            job = _core.Operations.RemoveTrees(title, caller, roots, files, file);
        _loop.Flush();
        return job;
    }

    private TrackedOperation AddRemoval(Caller caller, InodeId directory, DirectoryEntry entry, TrackedJob? job)
    {
        InodeId ino = entry.Attributes.Ino;
        return entry.Attributes.IsDirectory
            ? _core.Operations.Add(OperationKind.Rmdir, caller, new RmdirOperation(directory, entry.Name, ino), directory, entry.Name, job, victim: ino)
            : _core.Operations.Add(OperationKind.Unlink, caller, new UnlinkOperation(directory, entry.Name, ino), directory, entry.Name, job, victim: ino);
    }

    internal TrackedOperation Submit(
        OperationKind kind, Caller caller, FsOperation request, InodeId directory, FileName name, InodeId victim = default, (InodeId Dir, FileName Name) second = default,
        OperationJob? owner = null)
    {
        Activity? span = GatewayTracing.Begin(OperationName.Of(request), caller);
        TrackedOperation operation;
        lock (_core.Gate)
            operation = _core.Operations.Add(kind, caller, request, directory, name, null, victim, second, owner: owner);
        if (span is not null)
            GatewayTracing.EndWith(span, operation.Completion);
        _loop.Flush();
        return operation;
    }
}
