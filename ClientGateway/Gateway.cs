using Capstan.ClientGateway.Administration;
using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Session;
using Capstan.ClientGateway.SharedCache;
using Capstan.Shared.Wire;
using Grpc.Net.Client;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace Capstan.ClientGateway;

/// <summary>A running gateway: the rules, their connection and their face.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly SessionLoop _loop;
    private readonly FileSystemClient _client;
    private readonly JobJournal? _journal;
    private readonly SharedCacheLoop? _sharing;

    /// <summary>Makes the gateway; <see cref="Start"/> connects it.</summary>
    /// <param name="shared">A second level of pages that gateways share; otherwise what <see cref="GatewayOptions.Redis"/> names.</param>
    public Gateway(GatewayOptions options, TimeProvider time, ILoggerFactory loggers, IDistributedCache? shared = null)
    {
        _channel = WireChannel.Create(options.Endpoint);
        _journal = options.JournalDirectory is { } directory ? JobJournal.TryOpen(directory, time, loggers.CreateLogger<JobJournal>()) : null;
        if (options.ClientName.Length == 0)
            options = options with { ClientName = _journal is null ? GatewayName.Fresh() : GatewayName.KeptIn(options.JournalDirectory!) };
        Core = new GatewayCore(options, time);
        _loop = new SessionLoop(Core, _channel, loggers.CreateLogger<SessionLoop>());
        shared ??= options.Redis is { } redis ? new RedisDistributedCache(redis) : null;
        if (shared is not null)
            _sharing = new SharedCacheLoop(Core.SharedPages, Core.Gate, shared, options, Core.Counters, time, loggers.CreateLogger<SharedCacheLoop>()) { Answered = _loop.Flush };
        _client = new FileSystemClient(Core, _loop, new ContentClient(_channel), loggers.CreateLogger<FileSystemClient>()) { Journal = _journal };
        Administration = new GatewayAdministration(Core, _client, _loop, new MdsAdministration(_channel));
    }

    public IFileSystemClient Client => _client;

    public IGatewayAdministration Administration { get; }

    internal GatewayCore Core { get; }

    /// <summary>Completes when the session has been open once.</summary>
    public Task Opened => _loop.FirstOpened;

    /// <summary>Starts to connect and returns at once; an MDS that is not there yet is waited for.</summary>
    public void Start()
    {
        _sharing?.Start();
        _loop.Start();
        _client.Recover();
    }

    /// <summary>Cuts the connection, for tests and for administrators; the session resumes by itself.</summary>
    public void Reconnect() => _loop.Reconnect();

    public async ValueTask DisposeAsync()
    {
        // Jobs that have not come to their end are not failed by that: they go on after the next start.
        _journal?.Stop();
        await _loop.DisposeAsync().ConfigureAwait(false);
        if (_sharing is not null)
            await _sharing.DisposeAsync().ConfigureAwait(false);
        if (_journal is not null)
            await _journal.DisposeAsync().ConfigureAwait(false);
        _channel.Dispose();
    }
}
