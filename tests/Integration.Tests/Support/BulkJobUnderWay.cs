using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>A job of more operations than go ahead at once, held up by its line.</summary>
internal sealed class BulkJobUnderWay(Rig rig, DelayingTcpProxy line, Gateway gateway, InodeId directory, IDirectoryView view) : IAsyncDisposable
{
    public const int Files = 24_000;

    /// <summary>The bound, and the chunk that reaches it.</summary>
    public const int MostUnderWay = 16_384 + 2048;

    public DelayingTcpProxy Line => line;

    public IFileSystemClient Client => gateway.Client;

    public InodeId Directory => directory;

    public IDirectoryView View => view;

    public OperationJob Job { get; private set; } = null!;

    public static async Task<BulkJobUnderWay> StartAsync()
    {
        Rig rig = await Rig.StartAsync(onTcp: true);
        DelayingTcpProxy line = DelayingTcpProxy.Start(rig.Port, TimeSpan.Zero);
        Gateway gateway = await rig.GatewayAsync(through: line);
        InodeId directory = await gateway.Client.FillAsync("bulk", Files);
        return new BulkJobUnderWay(rig, line, gateway, directory, (await gateway.Client.OpenDirectoryAsync(Caller.Root, directory).Soon()).Ok());
    }

    /// <summary>Asks with the line held, and returns when as many are under way as go ahead.</summary>
    public async Task<Task> AskAsync(bool toTrash = false)
    {
        List<DirectoryRow> rows = await view.ListAsync();
        line.Stalled = true;
        DirectoryEntry[] entries = [.. rows.Select(r => r.Entry)];
        Job = toTrash ? Client.MoveManyToTrash(Caller.Root, directory, entries) : Client.RemoveMany(Caller.Root, directory, entries);
        await Eventually.TrueAsync(() => Client.Operations.PendingCount > MostUnderWay - 2048, "as many as go ahead", state: () => $"{Client.Operations.PendingCount}");
        return Job.TakenIn;
    }

    public async ValueTask DisposeAsync()
    {
        view.Dispose();
        line.Stalled = false;
        await rig.DisposeAsync();
        await line.DisposeAsync();
    }
}
