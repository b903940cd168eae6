namespace Capstan.ClientGateway;

/// <summary>What there is in whole trees, counted while somebody looks. Thread-safe. Dispose it when the numbers are not wanted any more.</summary>
public interface ITreeCount : IDisposable
{
    /// <summary>Bumped at each change.</summary>
    long ChangeCounter { get; }

    bool IsComplete { get; }

    /// <summary>Everything but directories.</summary>
    long Files { get; }

    /// <summary>The chosen ones among them.</summary>
    long Folders { get; }

    /// <summary>Of files.</summary>
    long Bytes { get; }

    /// <summary>Directories that could not be looked into.</summary>
    long Unreadable { get; }
}
