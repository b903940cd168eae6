using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>What administrators see of a gateway, and what they can do to it. Thread-safe. Who may ask is for the caller to know.</summary>
public interface IGatewayAdministration
{
    /// <summary>The figures without a line for each directory. However many pages are cached, it costs the same; of ten thousand directories with their caps, 0.6 ms.</summary>
    GatewaySnapshot Figures();

    /// <summary>How long requests have taken since the start: two of them tell of the time between.</summary>
    LatencyCounts RequestTimes();

    IReadOnlyList<DirectorySnapshot> Directories();

    IReadOnlyList<CapSnapshot> Caps();

    /// <summary>Those that wait, oldest first.</summary>
    IReadOnlyList<RevokeSnapshot> Revokes();

    /// <summary>Directories whose caps were taken back most often during this time, and how often.</summary>
    IReadOnlyList<(string Path, int Revokes)> RevokedLately(TimeSpan during);

    /// <summary>Newest first.</summary>
    IReadOnlyList<SlowRequest> SlowRequests();

    /// <summary>In force from now on, until the program ends: what no longer fits is given up at once. Setting what is out of bounds throws <see cref="ArgumentException"/>.</summary>
    GatewayLimits Limits { get; set; }

    /// <summary>What <see cref="GatewayOptions"/> say.</summary>
    GatewayLimits ConfiguredLimits { get; }

    /// <summary>What is cached of a directory and, with <paramref name="subtree"/>, of all known to be below it.</summary>
    CacheExtent Measure(string path, bool subtree);

    /// <summary>Forgets that. Who looks at it next asks the MDS; caps stay.</summary>
    CacheExtent Drop(string path, bool subtree);

    /// <summary>Gives the caps there back, but for those that viewers or operations in flight need: <see cref="CacheExtent.InUse"/> tells how many those are.</summary>
    CacheExtent ReleaseCaps(string path, bool subtree);

    /// <summary>Waits for every operation that is pending now.</summary>
    /// <returns>How many those were, and how many of them failed.</returns>
    Task<(int Waited, int Failed)> FlushAsync(CancellationToken cancellation = default);

    /// <summary>Cuts the connection to the MDS; the session resumes by itself, with its caps and its operations.</summary>
    void Reconnect();

    /// <summary>Sessions of all gateways at the MDS. EPERM unless the caller is root.</summary>
    Task<FsResult<IReadOnlyList<MdsSessionSnapshot>>> SessionsAsync(Caller caller, CancellationToken cancellation = default);

    /// <summary>Has the MDS end a session as if it did not answer: its caps and its unanswered requests are void. ENOENT: there is none of this handle.</summary>
    Task<FsErrno> EvictSessionAsync(Caller caller, string handle, CancellationToken cancellation = default);

    /// <summary>
    /// Writes down every message to and from the MDS that touches the path, for a minute or until it is disposed. One trace at a time: the one before ends.
    /// </summary>
    Task<FsResult<IPathTrace>> TraceAsync(Caller caller, IReadOnlyList<FileName> path, CancellationToken cancellation = default);

    /// <summary>Told of each answer of the MDS, or of a run of them once: the operation, its time, whether it went well. Under the gateway's lock, so it must be short.</summary>
    Action<string, TimeSpan, bool>? RequestAnswered { get; set; }

    /// <summary>Told of each revoke that was answered, with the time it took. The same holds.</summary>
    Action<TimeSpan>? RevokeAnswered { get; set; }
}
