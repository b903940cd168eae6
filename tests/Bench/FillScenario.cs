using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Bench;

/// <summary>No measurement of its own: a directory to look at.</summary>
internal static class FillScenario
{
    public static async Task<object> RunAsync(string address, string name, int entries)
    {
        await using Gateway gateway = new(new GatewayOptions { Endpoint = address }, TimeProvider.System, NullLoggerFactory.Instance);
        gateway.Start();
        await gateway.Opened;
        long started = Stopwatch.GetTimestamp();
        await Rig.CreateManyAsync(gateway.Client, name, Rig.Names(entries, ReaddirScenario.Name));
        return new { scenario = "fill", entries, name, seconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
    }
}
