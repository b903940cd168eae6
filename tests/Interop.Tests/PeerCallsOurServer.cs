using System.Text.Json;
using Capstan.TestKit;

namespace Capstan.Interop.Tests;

/// <summary>One run of every check of peer/checks.js against our server.</summary>
public sealed class PeerCallsOurServer : IAsyncLifetime
{
    private readonly Dictionary<string, string> _failures = [];
    private string? _skipped;

    public async ValueTask InitializeAsync()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        try
        {
            await using ChildProcess peer = await Peer.StartAsync("^done$", "call", $"{server.Port}");
            foreach (string line in peer.Output.Split('\n').Where(line => line.StartsWith('{')))
            {
                using JsonDocument check = JsonDocument.Parse(line);
                _failures[check.RootElement.GetProperty("name").GetString()!] = check.RootElement.GetProperty("failure").GetString()!;
            }
        }
        catch (Exception e) when (e.Message.StartsWith("$XunitDynamicSkip$", StringComparison.Ordinal))
        {
            _skipped = e.Message["$XunitDynamicSkip$".Length..];
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public IReadOnlyDictionary<string, string> Failures
    {
        get
        {
            Assert.SkipWhen(_skipped is not null, _skipped ?? "");
            return _failures;
        }
    }
}
