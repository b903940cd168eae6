namespace Capstan.Shared;

/// <summary>The MDS's term: one more at each start or failover. Every cap of an earlier term is void.</summary>
public readonly record struct Epoch(long Value)
{
    public override string ToString() => $"e{Value}";
}
