using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>Messages in one line each, for the trace.</summary>
internal static class Text
{
    public static string Of(ClientMessage message) => message switch
    {
        Request r => $"request {r.Tid}{(r.Retry ? " again" : "")}: {Of(r.Operation)}",
        CapAck a => $"ack {a.Ino} seq {a.Seq} keeps {a.Retained}",
        Reclaim r => $"reclaim {string.Join(", ", r.Caps.Select(c => $"{c.Ino} {c.Version} [{c.Bits}]"))}",
        _ => message.ToString(),
    };

    public static string Of(ServerMessage message) => message switch
    {
        Reply r => $"reply {r.Tid}: {r.Errno}{(r.Changed.Count > 0 ? $" {r.Changed[0].Dir} {r.Changed[0].To}" : "")}{(r.Attributes.Count > 0 ? $" ino {r.Attributes[^1].Ino}" : "")}",
        CapGrant g => $"grant {g.Ino} {g.Version} seq {g.Seq} [{g.Bits}]",
        CapRevoke r => $"revoke {r.Ino} seq {r.Seq} keep [{r.Keep}]",
        DirectoryDelta d => $"delta {d.Dir} {d.From}->{d.To} {d.Kind} {d.Name} {d.Attributes?.Ino}",
        SessionOpened o => $"opened {o.Id} {o.Epoch}{(o.Resumed ? " resumed" : "")}",
        PageMessage p => $"page of {p.Tid}: {Page(p.Page)}",
        _ => message.ToString(),
    };

    private static string Page(byte[] bytes)
    {
        Shared.Pages.DirectoryPage page = Shared.Pages.DirectoryPage.TryOpen(bytes)!;
        return $"{page.Header.Dir} {page.Header.Version} rank {page.Header.FirstRank} of {page.Header.Total}: {string.Join(' ', Enumerable.Range(0, page.Count).Select(i => $"{page.Name(i)}={page.Row(i).Ino}"))}";
    }

    private static string Of(FsOperation operation) => operation switch
    {
        UnlinkOperation o => $"unlink {o.Dir}/{o.Name} ino {o.Ino}",
        RmdirOperation o => $"rmdir {o.Dir}/{o.Name} ino {o.Ino}",
        CreateOperation o => $"create {o.Dir}/{o.Name}",
        MkdirOperation o => $"mkdir {o.Dir}/{o.Name}",
        RenameOperation o => $"rename {Of(o.Source)} to {o.Dir}/{o.Name}",
        LinkOperation o => $"link {Of(o.Source)} at {o.Dir}/{o.Name}",
        SetAttrOperation o => $"chmod {Of(o.Target)} {o.Mode:X}",
        LookupOperation o => $"lookup {o.Dir}/{string.Join('/', o.Names)}",
        ReaddirOperation o => $"readdir {o.Dir} after '{o.After}' rank {o.Rank} if {o.IfVersion} credits {o.Credits}",
        _ => operation.ToString(),
    };

    private static string Of(InodeAddress address) => $"{address.Dir}/{address.Name} ino {address.Ino}";
}
