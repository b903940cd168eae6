using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>Successes with consecutive tids. <see cref="Made"/> are the attributes of the inode that the first one answered with; each after it answered with the next number,
/// or, when it has none, with the number that the request named.</summary>
internal readonly record struct CompletedRun(long First, int Count, InodeAttributes? Made)
{
    public long Last => First + Count - 1;

    /// <summary>What the reply to one of them said, so that a repeat can be told the same.</summary>
    public CompletedResult this[long tid] => new(Made?.Following((int)(tid - First)));
}
