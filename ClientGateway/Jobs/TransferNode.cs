using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>A directory under copy, or under a merging move: what is in <paramref name="entry"/>'s source goes to <paramref name="target"/>.</summary>
/// <param name="entry">Null for the top, which stands for the job itself.</param>
/// <param name="isNew">The job has made the target.</param>
internal sealed class TransferNode(TransferEntry? entry, InodeId target, bool isNew)
{
    private int _unended = 1;

    public TransferEntry? Entry => entry;

    public InodeId Target => target;

    public bool IsNew => isNew;

    /// <summary>Something under it was left where it is.</summary>
    public bool SomethingStays { get; set; }

    /// <summary>It could not be listed to its end.</summary>
    public FsErrno Fault { get; set; }

    public void Begin() => Interlocked.Increment(ref _unended);

    /// <summary>True for the last: its listing, and every entry, has ended.</summary>
    public bool End() => Interlocked.Decrement(ref _unended) == 0;

    public FileName[] Path(FileName name)
    {
        List<FileName> path = [name];
        for (TransferEntry? at = entry; at is not null; at = at.Parent.Entry)
            path.Add(at.Source.Name);
        path.Reverse();
        return [.. path];
    }
}
