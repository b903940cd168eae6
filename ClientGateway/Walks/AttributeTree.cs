using System.Collections.Frozen;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Walks;

/// <summary>
/// Changes attributes of the chosen entries and, if wanted, of all that is under them, pipelined, as one job. A directory is changed after everything in it: what is
/// taken from it does not bar the way.
/// </summary>
internal sealed class AttributeTree : TreeWalk
{
    /// <summary>Operations not answered, beyond which no more directories are read.</summary>
    private const int MaxPending = 16_384;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly TrackedJob _job;
    private readonly AttributeChange _change;
    private readonly IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> _entries;
    private readonly Dictionary<InodeId, InodeId> _homes = [];
    private readonly bool _enclosed;
    private readonly Action _flush;
    private readonly IReadOnlySet<InodeId> _doneBefore;
    private int _openDirectories;

    /// <param name="doneBefore">What an earlier process has done: it is left as it is. Of <paramref name="entries"/> those count, the others have been counted.</param>
    public AttributeTree(
        GatewayCore core, Action flush, TrackedJob job, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries, AttributeChange change, bool enclosed, IReadOnlySet<InodeId>? doneBefore = null)
        : base(core, flush, job.Caller)
    {
        (_job, _entries, _change, _enclosed, _flush) = (job, entries, change, enclosed, flush);
        _doneBefore = doneBefore ?? FrozenSet<InodeId>.Empty;
        foreach ((InodeId directory, DirectoryEntry entry) in entries.Where(e => enclosed && e.Entry.Attributes.IsDirectory))
        {
            _openDirectories++;
            _homes[entry.Attributes.Ino] = directory;
            Add(new WalkNode(this, null, entry.Name, entry.Attributes));
        }
    }

    /// <summary>Asks for what needs no listing, then reads the trees.</summary>
    public void Begin()
    {
        const int Chunk = 2048;
        foreach ((InodeId Directory, DirectoryEntry Entry)[] chunk in _entries.Where(e => !_enclosed || !e.Entry.Attributes.IsDirectory).Chunk(Chunk))
        {
            lock (Core.Gate)
            {
                foreach ((InodeId directory, DirectoryEntry entry) in chunk)
                    Ask(directory, entry.Name, entry.Attributes, null);
            }
            _flush();
        }
        Start();
    }

    protected override async ValueTask WhenReadyAsync()
    {
        while (!_job.IsCancelled && (_job.IsPaused || Core.Operations.PendingCount > MaxPending))
            await Task.Delay(LookAgain, Core.Time, Stopped).ConfigureAwait(false);
        if (_job.IsCancelled)
            Stop();
    }

    protected override void OnFound(WalkNode directory)
    {
        if (_doneBefore.Contains(directory.Ino))
            return;
        lock (Core.Gate)
        {
            _openDirectories++;
            _job.Grow(1);
        }
    }

    protected override void OnPage(WalkNode directory, DirectoryPage page)
    {
        lock (Core.Gate)
        {
            for (int i = 0; i < page.Count; i++)
            {
                PageRow row = page.Row(i);
                if ((FileKind)(row.Mode >> 12) == FileKind.Directory || _doneBefore.Contains(row.Ino))
                    continue;
                _job.Grow(1);
                Ask(directory.Ino, page.Name(i), row.ToAttributes(), directory);
            }
        }
        _flush();
    }

    protected override void OnUnreadable(WalkNode directory, FsErrno errno)
    {
        lock (Core.Gate)
        {
            _job.Grow(1);
            _job.AddFailure(new JobFailure(directory.Path(), errno, null));
            _job.Count(OperationState.Failed);
        }
    }

    protected override void OnLeft(WalkNode directory)
    {
        lock (Core.Gate)
        {
            if (directory.Parent is null || !_doneBefore.Contains(directory.Ino))
                _openDirectories--;
            Ask(directory.Parent?.Ino ?? _homes[directory.Ino], directory.Name, directory.Attributes, directory.Parent);
        }
        _flush();
    }

    /// <summary>What was not come to is not attempted.</summary>
    protected override void OnEnded(bool isComplete)
    {
        lock (Core.Gate)
        {
            for (; _openDirectories > 0; _openDirectories--)
                _job.Count(OperationState.Cancelled);
        }
    }

    /// <summary>Under the gateway's lock.</summary>
    private void Ask(InodeId directory, FileName name, InodeAttributes attributes, WalkNode? folder)
    {
        if (_doneBefore.Contains(attributes.Ino))
        {
            if (folder is null)
                _job.Count(OperationState.Done);
        }
        else if (_job.IsCancelled)
            _job.Count(OperationState.Cancelled);
        else if (_change.For(new InodeAddress(directory, name, attributes.Ino), attributes) is { } request)
            Core.Operations.Add(OperationKind.SetAttributes, _job.Caller, request, directory, name, _job, watcher: new Outcome(_job, folder));
        else
            Done(_job, attributes.Ino);
    }

    private static void Done(TrackedJob job, InodeId ino)
    {
        job.Notes?.Done(ino);
        job.Count(OperationState.Done);
    }

    /// <summary>Counts for the job, and knows where a failure was.</summary>
    private sealed class Outcome(TrackedJob job, WalkNode? folder) : IOperationWatcher
    {
        public void Sent(TrackedOperation operation)
        {
        }

        public void Ended(TrackedOperation operation)
        {
            if (operation.State == OperationState.Done)
            {
                Done(job, operation.Subject);
                return;
            }
            if (operation.State == OperationState.Failed)
                job.AddFailure(new JobFailure(folder?.Path(operation.Name) ?? [operation.Name], operation.Errno, operation));
            job.Count(operation.State);
        }
    }
}
