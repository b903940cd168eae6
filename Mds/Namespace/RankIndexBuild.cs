using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// A rank index on its way: (1) a reader's snapshot is opened and from then on the loop collects the names that come and go,
/// (2) the reader builds the index of its snapshot on its own thread and hands it over, (3) the loop applies what it collected.
/// </summary>
internal sealed class RankIndexBuild
{
    /// <summary>With so many changes behind it, building anew is the better way.</summary>
    public const int MaxChanges = 500_000;

    private volatile RankIndex? _built;
    private volatile bool _abandoned;

    /// <summary>The loop's alone.</summary>
    public List<(FileName Name, int By)> Changes { get; } = [];

    /// <summary>Null until the reader is done; then the reader has let go of it.</summary>
    public RankIndex? Built => _built;

    /// <summary>The reader went away without one: somebody else may try.</summary>
    public bool IsAbandoned => _abandoned && _built is null;

    public void HandOver(RankIndex index) => _built = index;

    /// <summary>Harmless after <see cref="HandOver"/>.</summary>
    public void Abandon() => _abandoned = true;
}
