namespace Capstan.ClientGateway.SharedCache;

internal enum SharedAnswer
{
    Found,

    /// <summary>The cache does not have it.</summary>
    Missed,

    /// <summary>The cache was too slow, or is not there: nothing is known.</summary>
    Bypassed,
}
