namespace Capstan.Shared.Messages;

/// <summary>Where an answer has spent its time at the MDS; told of slow ones alone. Filled in while the reply waits.</summary>
public sealed class RequestTimes
{
    /// <summary>From the request's arrival to the moment at which its answer left; zero: not told.</summary>
    public TimeSpan Served { get; set; }

    /// <summary>Of that: until another session had given up its exclusive caps.</summary>
    public TimeSpan Parked { get; set; }

    /// <summary>Of that: until other holders had acked what it tells.</summary>
    public TimeSpan Held { get; set; }
}
