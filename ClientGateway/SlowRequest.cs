using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>A request that took long, and where the time went. The stages add up to <see cref="Total"/>.</summary>
/// <param name="Operation">As in <c>Capstan.Shared.Messages.OperationName</c>.</param>
/// <param name="Path">Of the directory and the name in it, as far as they are known.</param>
/// <param name="Count">More than one: a run of requests that were sent and answered together.</param>
/// <param name="Queued">From the call to its leaving: no credit, no connection.</param>
/// <param name="Network">On the line both ways; with <paramref name="Server"/> zero, whatever the server took is in it.</param>
/// <param name="Server">In the server's queue, its rules and its commit.</param>
/// <param name="Parked">At the server, until another gateway had given up its exclusive caps.</param>
/// <param name="Held">At the server, until other gateways had acked what the answer tells.</param>
public sealed record SlowRequest(
    DateTimeOffset At, string Operation, InodeId Directory, string Path, int Count, FsErrno Errno, TimeSpan Queued, TimeSpan Network, TimeSpan Server, TimeSpan Parked, TimeSpan Held)
{
    public TimeSpan Total => Queued + Network + Server + Parked + Held;
}
