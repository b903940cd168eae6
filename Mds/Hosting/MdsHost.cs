using System.Diagnostics.Metrics;
using Capstan.Mds.Caps;
using Capstan.Mds.Content;
using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Mds.Storage;
using Capstan.Shared.Metrics;
using Capstan.Shared.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Capstan.Mds.Hosting;

/// <summary>A running MDS: the store, the rules, the loop and its gRPC edge. The same in its own process and inside WebUi.</summary>
public sealed class MdsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataDirectoryLock _lock;
    private readonly SqliteNamespaceStore _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private readonly MdsLoop _loop;

    private MdsHost(WebApplication app, DataDirectoryLock dataLock, SqliteNamespaceStore store, MdsLoop loop, PurgeQueue purge, TrashPurger trash)
    {
        _app = app;
        _lock = dataLock;
        _store = store;
        _loop = loop;
        Loop = loop.RunAsync(_stop.Token);
        _work = Task.WhenAll(Loop, purge.RunAsync(_stop.Token), trash.RunAsync(_stop.Token));
    }

    /// <summary>Ends when the MDS is stopped, or with the error that stopped it.</summary>
    public Task Loop { get; }

    /// <summary>Transactions that served gateways, and the messages in them.</summary>
    public (long Groups, long Messages) Served => _loop.Served;

    /// <summary>Of the loop, which goes on meanwhile: to be looked at, not touched.</summary>
    internal MdsCounters Counters => _app.Services.GetRequiredService<MdsCore>().Counters;

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The same of what it answers to machines over HTTP/1; null: it does not.</summary>
    public string? StatusAddress { get; private set; }

    /// <summary>What is wrong so that only a new start mends it; null: nothing.</summary>
    public string? Health => MdsHealth.Problem(Loop);

    /// <summary>Opens the data directory and listens. Throws <see cref="DataDirectoryInUseException"/> when another MDS has it.</summary>
    /// <param name="address"><c>unix:/path/to/socket</c> or <c>http://host:port</c>.</param>
    /// <param name="configureLogging">Given the builder's logging; null leaves warnings on the console.</param>
    /// <param name="status">Where to answer /metrics, /healthz and /readyz to who speaks HTTP/1; null: only on <paramref name="address"/>, over HTTP/2.</param>
    /// <param name="meters">Of who hosts it, so that its figures are among theirs; null: its own.</param>
    public static async Task<MdsHost> StartAsync(
        MdsOptions options, string address, TimeProvider time, Action<ILoggingBuilder>? configureLogging = null, string? status = null, IMeterFactory? meters = null)
    {
        DataDirectoryLock dataLock = DataDirectoryLock.Acquire(options.DataDirectory);
        SqliteNamespaceStore? store = null;
        try
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Capstan.Mds" });
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            configureLogging?.Invoke(builder.Logging);
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.UseWireLimits();
                kestrel.ListenWire(address);
                if (status is not null)
                    kestrel.ListenStatus(status);
            });
            builder.Services.AddGrpc(grpc =>
            {
                grpc.MaxReceiveMessageSize = WireChannel.MaxMessageSize;
                grpc.MaxSendMessageSize = WireChannel.MaxMessageSize;
            });
            store = new SqliteNamespaceStore(options.Store ?? new StoreOptions(options.DataDirectory), time);
            ContentStore contents = new(options.DataDirectory);
            NamespaceEngine engine = new(store, time, contents.Space);
            // Whoever started this host decides when it ends: embedded in WebUi, a signal is the web's to handle.
            builder.Services.AddSingleton<IHostLifetime, OwnerLifetime>();
            builder.Services.AddSingleton(options);
            builder.Services.AddSingleton(time);
            builder.Services.AddSingleton(engine);
            builder.Services.AddSingleton(contents);
            builder.Services.AddSingleton<PageRoom>();
            builder.Services.AddSingleton<PagePump>();
            builder.Services.AddSingleton<IPagePump>(services => services.GetRequiredService<PagePump>());
            builder.Services.AddSingleton<MdsCore>();
            builder.Services.AddSingleton<MdsLoop>();
            builder.Services.AddSingleton<MetadataService>();
            builder.Services.AddSingleton<ContentService>();
            builder.Services.AddSingleton<AdminService>();
            builder.Services.AddPrometheus();
            if (meters is not null)
                builder.Services.AddSingleton(meters);
            builder.Services.AddSingleton<MdsMetrics>();
            WebApplication app = builder.Build();
            app.MapGrpcService<MetadataService>();
            app.MapGrpcService<ContentService>();
            app.MapGrpcService<AdminService>();
            app.Services.GetRequiredService<PrometheusExporter>();
            app.Services.GetRequiredService<MdsMetrics>();

            MdsLoop loop = app.Services.GetRequiredService<MdsLoop>();
            app.Services.GetRequiredService<PagePump>().Ended = loop.Wake;
            PurgeQueue purge = new(
                store,
                contents,
                (rows, cancellation) => loop.RunInGroupAsync(
                    (_, inGroup) =>
                    {
                        inGroup.ConfirmPurged(rows);
                        return true;
                    },
                    cancellation),
                time,
                app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<PurgeQueue>());
            loop.Committed = purge.Hint;
            TrashPurger trash = new(loop, purge.Hint, time, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<TrashPurger>());
            loop.TrashToPurge = trash.Hint;
            MdsHost host = new(app, dataLock, store, loop, purge, trash);
            app.MapMachines(() => host.Health, () => MdsHealth.Waiting(loop, app.Lifetime.ApplicationStopping.IsCancellationRequested));
            await app.StartAsync().ConfigureAwait(false);
            string[] bound = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
            host.Address = address.StartsWith("unix:", StringComparison.Ordinal) ? address : bound[0];
            host.StatusAddress = status is null ? null : bound[^1];
            return host;
        }
        catch
        {
            store?.Dispose();
            dataLock.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (CancellationTokenSource soon = new(TimeSpan.FromSeconds(3)))
            await _app.StopAsync(soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
        _lock.Dispose();
        _stop.Dispose();
    }
}
