using System.Threading.Channels;
using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Microsoft.Extensions.Logging;

namespace Capstan.Mds.Hosting;

/// <summary>
/// The one writer of a namespace: takes whatever has queued while the previous commit ran, runs it through the rules as one
/// group, commits, answers. No artificial delay, and no other thread touches <see cref="MdsCore"/>.
/// </summary>
internal sealed partial class MdsLoop(MdsOptions options, MdsCore core, NamespaceEngine engine, TimeProvider time, ILogger<MdsLoop> logger)
{
    private static readonly TimeSpan MaxGroupTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    // Frames, not messages. Full: the session streams stop reading and HTTP/2 holds their gateways back. Many writers, this loop reads.
    private readonly Channel<Mail> _mail = Channel.CreateBounded<Mail>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly List<Errand> _errands = [];

    private readonly record struct Mail(SessionLink? Link, IReadOnlyList<ClientMessage>? Messages, Errand? Errand, bool IsTick);

    /// <summary>Groups that had messages of gateways in them, and how many messages.</summary>
    public (long Groups, long Messages) Served { get; private set; }

    /// <summary>Told after each commit that may have unlinked content.</summary>
    public Action? Committed { get; set; }

    /// <summary>Told of each group that had messages of gateways in it: how long its transaction took to become durable, and how many they were.</summary>
    public Action<TimeSpan, int>? GroupCommitted { get; set; }

    /// <summary>All sessions, as of the last tick: for who watches from other threads.</summary>
    public IReadOnlyList<SessionFigures> Sessions { get; private set; } = [];

    public bool IsInGrace => core.IsInGrace;

    public Epoch Epoch => core.Epoch;

    public MdsCounters Counters => core.Counters;

    /// <summary>Told after each commit behind which there is something to purge from the trash.</summary>
    public Action? TrashToPurge { get; set; }

    public ValueTask PostAsync(SessionLink link, IReadOnlyList<ClientMessage> messages, CancellationToken cancellation) =>
        _mail.Writer.WriteAsync(new Mail(link, messages, null, false), cancellation);

    /// <summary>The connection is gone.</summary>
    public ValueTask PostEndAsync(SessionLink link) => _mail.Writer.WriteAsync(new Mail(link, null, null, false));

    /// <summary>A listing has ended: another one may have its place. From any thread; when the mail is full a group is about to run anyway.</summary>
    public void Wake()
    {
        if (core.HasWaitingListings)
            _mail.Writer.TryWrite(default);
    }

    /// <summary>Runs <paramref name="run"/> inside a group, as often as it returns false; completes when the group is durable.</summary>
    public async Task RunInGroupAsync(Func<MdsCore, NamespaceEngine, bool> run, CancellationToken cancellation)
    {
        Errand errand = new(run);
        await _mail.Writer.WriteAsync(new Mail(null, null, errand, false), cancellation).ConfigureAwait(false);
        await errand.Done.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(TickInterval, time);
        Task ticking = TickAsync(timer, cancellation);
        try
        {
            while (await _mail.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
                RunGroup();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // A broken invariant: what is on disk is whole, what is in memory can no longer be trusted.
            LogBroken(e);
            throw;
        }
        finally
        {
            _mail.Writer.TryComplete();
            while (_mail.Reader.TryRead(out Mail mail))
                mail.Errand?.Cancel(cancellation);
            foreach (Errand errand in _errands)
                errand.Cancel(cancellation);
        }
        await ticking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void RunGroup()
    {
        bool tick = false;
        int operations = 0;
        long started = time.GetTimestamp();
        core.Begin();
        while (operations < options.MaxGroup && time.GetElapsedTime(started) < MaxGroupTime && _mail.Reader.TryRead(out Mail mail))
        {
            tick |= mail.IsTick;
            if (mail.Errand is { } errand)
                _errands.Add(errand);
            else if (mail.Link is { } link)
                operations += Deliver(link, mail.Messages);
        }
        foreach (Errand errand in _errands)
            errand.RunIn(core, engine);
        long executed = time.GetTimestamp();
        StoreException? refusal = core.Commit();
        if (operations > 0)
            GroupCommitted?.Invoke(time.GetElapsedTime(executed), operations);
        if (refusal is not null)
            LogRefused(refusal.Errno, refusal);
        Errand.Conclude(_errands, core, engine);
        _errands.RemoveAll(e => e.Done.IsCompleted);
        if (operations > 0)
        {
            Served = (Served.Groups + 1, Served.Messages + operations);
            Committed?.Invoke();
            if (core.HasTrashToPurge)
                TrashToPurge?.Invoke();
        }
        if (tick)
        {
            core.Tick();
            Sessions = core.DescribeSessions();
        }
    }

    private int Deliver(SessionLink link, IReadOnlyList<ClientMessage>? messages)
    {
        if (messages is null)
        {
            if (link.Session is { } gone)
                core.Disconnected(gone, link);
            return 0;
        }
        foreach (ClientMessage message in messages)
        {
            if (link.Session is { } session)
                core.Receive(session, link, message);
            else if (link.IsClosed)
                break; // A session that nobody hears would be waited for after a restart.
            else if (message is SessionOpen { Protocol: SessionOpen.CurrentProtocol } open)
                link.Session = core.Open(link, open);
            else
                link.Close(message is SessionOpen other ? $"this MDS speaks protocol {SessionOpen.CurrentProtocol}, not {other.Protocol}" : "a connection begins with SessionOpen");
        }
        return messages.Sum(message => message is RequestRun run ? run.Count : 1);
    }

    private async Task TickAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            _mail.Writer.TryWrite(new Mail(null, null, null, IsTick: true));
    }

    [LoggerMessage(1101, LogLevel.Error, "The store refused a group ({Errno}); its requests ran apart.")]
    private partial void LogRefused(FsErrno errno, Exception e);

    [LoggerMessage(1102, LogLevel.Critical, "The writer loop has ended on a broken invariant.")]
    private partial void LogBroken(Exception e);
}
