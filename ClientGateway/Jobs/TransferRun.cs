using Capstan.Shared;
using Capstan.Shared.Messages;
using Microsoft.Extensions.Logging;

namespace Capstan.ClientGateway.Jobs;

/// <summary>
/// Carries a copy or a move out. (1) Each entry is tried as if its name were free; (2) where it is not, the standing rule or an answer decides, and the rest goes on
/// meanwhile; (3) a directory that was made, or is merged into, lines up to be listed, the newest first; (4) when all of its entries have ended a new directory gets
/// its attributes, and one that a move has emptied is removed. Every step addresses its source by directory, name and number.
/// </summary>
internal sealed partial class TransferRun
{
    /// <summary>Copies are calls of their own, and each costs the MDS a link and a commit.</summary>
    private const int CopiesAtOnce = 64;

    /// <summary>Renames travel on the session, many to a frame.</summary>
    private const int MovesAtOnce = 1024;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly FileSystemClient _client;
    private readonly GatewayCore _core;
    private readonly TransferJob _job;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _slots;
    private readonly TransferNode _top = new(null, InodeId.None, isNew: false);
    private readonly Lock _lock = new();

    // What an earlier process has noted, by the numbers of the sources.
    private readonly JobFile? _file;
    private readonly HashSet<InodeId> _doneBefore = [];
    private readonly Dictionary<InodeId, InodeId> _madeBefore = [];
    private readonly Dictionary<InodeId, JobNote> _named = [];
    private readonly Dictionary<InodeId, JobNote> _answered = [];

    public TransferRun(FileSystemClient client, GatewayCore core, TransferJob job, JobFile? file, ILogger logger)
    {
        _file = file;
        foreach (JobNote note in file?.Notes ?? [])
            Take(note);
        _client = client;
        _core = core;
        _job = job;
        _logger = logger;
        _slots = new SemaphoreSlim(IsMove ? MovesAtOnce : CopiesAtOnce);
        job.Answered = entry => _ = BeginAsync(entry);
        job.UnderWay = UnderWay;
    }

    private bool IsMove => _job.Kind == JobKind.Move;

    private Caller Caller => _job.Caller;

    public async Task RunAsync()
    {
        Dictionary<InodeId, InodeId> remade = await RemakeAsync().ConfigureAwait(false);
        Dictionary<InodeId, InodeId[]> above = [];
        foreach (TransferItem asked in _job.Request.Items)
        {
            TransferItem item = remade.TryGetValue(asked.Directory, out InodeId anew) ? asked with { Directory = anew } : asked;
            TransferEntry entry = Entry(_top, item);
            _top.Begin();
            if (IsOne(item) && _doneBefore.Contains(item.Source.Ino))
            {
                _job.CountDone(0);
                EndOne(_top);
                continue;
            }
            if (!IsMove && item.Attributes.IsDirectory)
            {
                if (!above.TryGetValue(item.Directory, out InodeId[]? places))
                    above[item.Directory] = places = await AtOrAboveAsync(item.Directory).ConfigureAwait(false);
                if (places.Contains(item.Source.Ino))
                {
                    Ended(entry, Step.Failed(FsErrno.Invalid));
                    continue;
                }
            }
            await BeginAsync(entry).ConfigureAwait(false);
        }
        EndOne(_top);
    }

    private void Take(in JobNote note)
    {
        switch (note.Kind)
        {
            case JobNoteKind.Done:
                _doneBefore.Add(note.Ino);
                break;
            case JobNoteKind.Made:
                _madeBefore[note.Ino] = note.Place.Ino;
                break;
            case JobNoteKind.Linked:
                LinkedOf(note.Ino).Unsure = (note.Place.Dir, note.Place.Name);
                break;
            case JobNoteKind.Name:
                _named[note.Ino] = note;
                break;
            case JobNoteKind.Answer when !note.Ino.IsNone:
                _answered[note.Ino] = note;
                break;
        }
    }

    /// <summary>Notes go by numbers: of a file with several names nobody knows which of them is meant, and each is looked at again.</summary>
    private static bool IsOne(TransferItem item) => item.Attributes is { IsDirectory: true } or { Nlink: < 2 };

    /// <summary>An entry with what is known of it from before.</summary>
    private TransferEntry Entry(TransferNode parent, TransferItem item)
    {
        TransferEntry entry = new(parent, item) { MayBeDone = _file is { IsOfEarlier: true } || parent.Entry is { MayBeDone: true } };
        if (IsOne(item) && _named.TryGetValue(item.Source.Ino, out JobNote named))
            (entry.Name, entry.Number) = (named.Place.Name, (int)named.Value);
        if (_answered.TryGetValue(item.Source.Ino, out JobNote answer))
            entry.Answer = ((ConflictChoice)answer.Value, answer.Place.Ino);
        return entry;
    }

    private async Task CompleteAsync()
    {
        if (_core.IsClosed)
            return;
        foreach (TrashPlace place in _job.WasCancelled ? [] : _job.Request.Restore)
            await _client.Restore(Caller, place).Completion.ConfigureAwait(false);
        _job.Complete();
    }

    /// <summary>Directories that a merge had emptied: the numbers that they have now, by those that they had.</summary>
    private async Task<Dictionary<InodeId, InodeId>> RemakeAsync()
    {
        Dictionary<InodeId, InodeId> remade = [];
        foreach (EmptiedDirectory directory in _job.Request.Remake)
        {
            InodeId parent = remade.GetValueOrDefault(directory.Address.Dir, directory.Address.Dir);
            FileName name = directory.Address.Name;
            FsResult<InodeAttributes> made = await DoAsync(OperationKind.Mkdir, new MkdirOperation(parent, name, directory.Permissions | OwnerMayDoAll), parent, name).ConfigureAwait(false);
            if (made.Errno == FsErrno.Exists)
                made = await _client.LookUpAsync(Caller, parent, name).ConfigureAwait(false);
            if (made is { IsOk: true, Value.IsDirectory: true })
                remade[directory.Address.Ino] = made.Value.Ino;
        }
        return remade;
    }

    /// <summary>Returns when the entry has been begun, which is when there is room for it.</summary>
    private async Task BeginAsync(TransferEntry entry)
    {
        await _slots.WaitAsync().ConfigureAwait(false);
        // On the list before it is looked whether it may begin: whoever has stopped the job finds on it what has.
        Begins(entry);
        if (await _job.MayGoOnAsync().ConfigureAwait(false))
        {
            _ = RunAsync(entry);
            return;
        }
        _slots.Release();
        HasSettled(entry);
        Ended(entry, Step.LeftOut);
    }

    private async Task RunAsync(TransferEntry entry)
    {
        Step step;
        try
        {
            step = await (IsMove ? MoveAsync(entry) : CopyAsync(entry)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogBroken(e, _job.Title);
            step = Step.Failed(FsErrno.Io);
        }
        await SettleDisplacedAsync(entry, step.Kind).ConfigureAwait(false);
        _slots.Release();
        HasSettled(entry);
        Ended(entry, step);
    }

    private void Ended(TransferEntry entry, Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Asked or StepKind.Halted:
                return; // It begins anew with the answer, or after the next start.
            case StepKind.Descends:
                lock (_lock)
                {
                    _unlisted.Push(step.Node!);
                    if (step.Node!.IsNew)
                        _made.Add(step.Node.Target);
                }
                ListNext();
                return;
            case StepKind.Done:
                NoteEnd(entry);
                _job.CountDone(step.Bytes);
                break;
            case StepKind.Failed:
                entry.Parent.SomethingStays = true;
                _job.Fail(entry, step.Errno, step.Operation);
                break;
            default:
                entry.Parent.SomethingStays = true;
                _job.CountLeftOut();
                break;
        }
        EndOne(entry.Parent);
    }

    /// <summary>Of what was asked for; what is under it is looked at again, also where something of it failed.</summary>
    private void NoteEnd(TransferEntry entry)
    {
        if (entry is { IsIncomplete: false } && entry.Parent == _top)
            _file?.Done(entry.Source.Ino);
    }

    private void EndOne(TransferNode node)
    {
        if (!node.End())
            return;
        if (node.Entry is null)
            _ = CompleteAsync();
        else
            _ = FinishAsync(node, node.Entry);
    }

    /// <summary>Waits until the session is open again. False: the gateway has been closed.</summary>
    private async Task<bool> ConnectedAsync()
    {
        do
        {
            // Also where the session is open by now: a server that hangs up on a call is given time.
            await Task.Delay(LookAgain, _core.Time).ConfigureAwait(false);
            if (_core.IsClosed)
            {
                _job.Halt();
                return false;
            }
        }
        while (!_core.Operations.IsConnected);
        return true;
    }

    [LoggerMessage(3401, LogLevel.Error, "An entry of the job '{Title}' met a broken invariant.")]
    private partial void LogBroken(Exception e, string title);
}
