namespace Capstan.ClientGateway;

/// <summary>A conversation about one path, written down as it goes on.</summary>
public interface IPathTrace : IDisposable
{
    string Path { get; }

    DateTimeOffset StartedAt { get; }

    bool IsRunning { get; }

    /// <summary>Lines from this index on, oldest first.</summary>
    IReadOnlyList<string> Lines(int from = 0);
}
