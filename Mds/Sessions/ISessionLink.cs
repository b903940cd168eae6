using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

/// <summary>One connection of a session, seen from the rules: a real stream, or a simulated one. Thread-safe.</summary>
internal interface ISessionLink
{
    /// <summary>Queues messages in order. Never blocks; the messages of a closed link are dropped.</summary>
    void Send(IReadOnlyList<ServerMessage> messages);

    /// <summary>Queues a page. One that is waited for may overtake pages of other listings that have not left yet, and nothing else.</summary>
    void SendPage(PageMessage page, bool isWaitedFor) => Send([page]);

    /// <summary>Sends what is queued, then ends the connection.</summary>
    void Close(string reason);
}
