using System.CommandLine;
using System.Runtime.InteropServices;
using Capstan.Mds.Storage;

namespace Capstan.Mds.Hosting;

/// <summary><c>serve --data DIR --listen ADDRESS</c>: runs the metadata server until it is told to stop.</summary>
internal static class ServeCommand
{
    public const string DefaultListen = "http://127.0.0.1:5070";

    public static Command Create()
    {
        Option<string> data = new("--data") { Description = "Directory of the store; made when it is not there.", HelpName = "DIR", DefaultValueFactory = _ => "./data" };
        Option<string> listen = new("--listen") { Description = "unix:/path/to/socket or http://ip:port; port 0 takes any free one.", HelpName = "ADDRESS", DefaultValueFactory = _ => DefaultListen };
        Option<double> lease = new("--lease") { Description = "Seconds that caps live without a renewal.", DefaultValueFactory = _ => 60 };
        Option<double> retention = new("--trash-retention") { Description = "Days after which what is in the trash is purged; 0: never.", DefaultValueFactory = _ => 30 };
        Option<string?> status = new("--status") { Description = "http://ip:port where /metrics, /healthz and /readyz are answered; port 0 takes any free one.", HelpName = "ADDRESS" };
        Command command = new("serve", "Run the metadata server.") { data, listen, lease, retention, status };
        command.SetAction((parsed, cancellation) => RunAsync(
            new MdsOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetValue(data)!),
                Lease = TimeSpan.FromSeconds(parsed.GetValue(lease)),
                TrashRetention = TimeSpan.FromDays(parsed.GetValue(retention)),
            },
            parsed.GetValue(listen)!, parsed.GetValue(status), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MdsOptions options, string address, string? status, CancellationToken cancellation)
    {
        try
        {
            await using MdsHost host = await MdsHost.StartAsync(options, address, TimeProvider.System, status: status).ConfigureAwait(false);
            if (host.StatusAddress is not null)
                Console.WriteLine($"Capstan MDS answers /metrics, /healthz and /readyz at {host.StatusAddress}");
            Console.WriteLine($"Capstan MDS is ready: {host.Address}");
            TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using CancellationTokenRegistration cancelled = cancellation.Register(() => stop.TrySetResult());
            await (await Task.WhenAny(stop.Task, host.Loop).ConfigureAwait(false)).ConfigureAwait(false);
            Console.WriteLine($"Capstan MDS served {host.Served.Messages} messages in {host.Served.Groups} transactions.");
            return 0;

            void Stop(PosixSignalContext context)
            {
                context.Cancel = true;
                stop.TrySetResult();
            }
        }
        catch (DataDirectoryInUseException e)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The metadata server cannot start: {e.Message}");
        }
        return 2;
    }
}
