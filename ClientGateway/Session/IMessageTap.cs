using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Session;

/// <summary>Who listens to the conversation with the MDS. Called under the gateway's lock.</summary>
internal interface IMessageTap
{
    void Sent(ClientMessage message);

    void Received(ServerMessage message);
}
