namespace Capstan.ClientGateway;

/// <summary>What bounds the cache of listings: bytes of pages over all directories, and pages read ahead of one reader (0: nothing is read ahead).</summary>
public readonly record struct CacheLimits(long PageBudgetBytes, int MaxReadaheadPages);
