namespace Capstan.ClientGateway;

/// <summary>What administrators see of a gateway, and what they can do to it. Thread-safe. Who may ask is for the caller to know.</summary>
public interface IGatewayAdministration
{
    /// <summary>The figures without a line for each directory: microseconds, however much is cached.</summary>
    GatewaySnapshot Figures();

    /// <summary>How much the cache may hold and bring ahead. Set while the gateway runs: what no longer fits is given up at once.</summary>
    CacheLimits Limits { get; set; }

    /// <summary>Told of each answer of the MDS, or of a run of them once: the operation, its time, whether it went well. Under the gateway's lock, so it must be short.</summary>
    Action<string, TimeSpan, bool>? RequestAnswered { get; set; }

    /// <summary>Told of each revoke that was answered, with the time it took. The same holds.</summary>
    Action<TimeSpan>? RevokeAnswered { get; set; }
}
