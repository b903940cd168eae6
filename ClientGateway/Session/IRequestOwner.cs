using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Session;

/// <summary>Who waits for a request. Called under the gateway's lock.</summary>
internal interface IRequestOwner
{
    /// <summary>The one terminal answer.</summary>
    void Replied(Reply reply);

    /// <summary>The session is gone. A mutation's outcome is unknown; a read may be asked again.</summary>
    /// <returns>True to have the request sent again in the next session.</returns>
    bool SessionLost();
}

/// <summary>An owner of a readdir stream.</summary>
internal interface IPageOwner : IRequestOwner
{
    void PageArrived(byte[] page);

    /// <summary>The connection was cut: pages on their way are lost. The request is sent again as returned.</summary>
    ReaddirOperation Resume();

    /// <summary>The tid that it goes on under.</summary>
    void Resumed(long tid);
}
