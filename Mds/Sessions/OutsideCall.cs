using Capstan.Mds.Caps;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

/// <summary>What is done for a session outside its stream, kept from one try to the next.</summary>
/// <param name="token">What its session's stream says <see cref="Told"/> with when the deltas of its change have been sent; 0: nothing.</param>
internal sealed class OutsideCall(SessionId by, long token = 0)
{
    public SessionId By => by;

    public long Token => token;

    public CapClaim Claim { get; } = new();

    /// <summary>
    /// After the group of the last try is durable: completes when the answer may be given, because every other strict holder has what it tells.
    /// When that group was undone it never does.
    /// </summary>
    public Task MayTell { get; set; } = Task.CompletedTask;
}
