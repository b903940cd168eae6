using Capstan.Shared;
using Capstan.WebUi.ViewModels.Archives;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class ArchiveTicketsTests
{
    private static readonly Caller Alice = new(1000, 1000, []);
    private static readonly Caller Bob = new(1001, 1001, []);
    private static readonly ArchiveTicket Ticket = new(Alice, FileName.Create("50% off"), []);

    [Fact]
    public void Find_ByItsOwner_UntilItsTimeIsOver()
    {
        Clock time = new();
        ArchiveTickets tickets = new(time);
        string address = tickets.Issue(Ticket);
        Assert.EndsWith("/50%25%20off.zip", address, StringComparison.Ordinal);
        string id = address.Split('/')[2];
        Assert.Same(Ticket, tickets.Find(id, Alice));
        Assert.Null(tickets.Find(id, Bob));
        Assert.Null(tickets.Find("0" + id[1..] + "x", Alice));
        time.Now += ArchiveTickets.Lifetime;
        Assert.Null(tickets.Find(id, Alice));
    }

    [Fact]
    public void Issue_MoreThanAreKept_DropsTheOldest()
    {
        Clock time = new();
        ArchiveTickets tickets = new(time);
        string first = tickets.Issue(Ticket).Split('/')[2];
        for (int i = 0; i < 256; i++)
        {
            time.Now += TimeSpan.FromMilliseconds(1);
            tickets.Issue(Ticket);
        }
        Assert.Null(tickets.Find(first, Alice));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
