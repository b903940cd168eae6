using System.Security.Cryptography;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Archives;

/// <summary>
/// What turns a selection, which lives on the server, into an address that a browser can download from. An address is
/// known to its page alone, and good for some minutes: long enough for a download manager to take it over.
/// </summary>
public sealed class ArchiveTickets(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int MaxTickets = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (ArchiveTicket Ticket, DateTimeOffset Until)> _tickets = [];

    /// <summary>The address to download from.</summary>
    public string Issue(ArchiveTicket ticket)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_gate)
        {
            DropExpired();
            if (_tickets.Count >= MaxTickets)
                _tickets.Remove(_tickets.MinBy(t => t.Value.Until).Key);
            _tickets[id] = (ticket, time.GetUtcNow() + Lifetime);
        }
        return $"/archive/{id}/{FilePath.EncodeName(ticket.Name)}.zip";
    }

    public ArchiveTicket? Find(string id, Caller caller)
    {
        lock (_gate)
        {
            DropExpired();
            return _tickets.TryGetValue(id, out (ArchiveTicket Ticket, DateTimeOffset Until) found) && found.Ticket.Caller.Uid == caller.Uid ? found.Ticket : null;
        }
    }

    private void DropExpired()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (string id in _tickets.Where(t => t.Value.Until <= now).Select(t => t.Key).ToList())
            _tickets.Remove(id);
    }
}
