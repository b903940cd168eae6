namespace Capstan.Mds.Hosting;

/// <summary>What <c>/healthz</c> and <c>/readyz</c> of the MDS say.</summary>
internal static class MdsHealth
{
    /// <summary>What is wrong so that only a new start mends it; null: nothing.</summary>
    public static string? Problem(Task loop) => loop.IsCompleted ? "the writer loop has ended" : null;

    /// <summary>Why requests wait for now; null: they do not.</summary>
    public static string? Waiting(MdsLoop loop, bool isStopping) =>
        isStopping ? "it is stopping"
        : loop.IsInGrace ? "it has restarted and waits for the sessions it knows"
        : null;
}
