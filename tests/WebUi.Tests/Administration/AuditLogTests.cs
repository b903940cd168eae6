using Capstan.TestKit;
using Capstan.WebUi.Administration;

namespace Capstan.WebUi.Tests.Administration;

public sealed class AuditLogTests
{
    [Fact]
    public void Entries_AfterANewStart_AreThoseThatWereWritten_ButForALineThatWasCutOff()
    {
        using TempDirectory temp = new();
        AuditLog log = new(temp.Path, new ManualTime());
        log.Write(0, "drop cache", "/a \"b\"\n and below", "Dropped 3 pages.");
        log.Write(0, "flush", "", "0 operations.");
        File.AppendAllText(log.Path, "{\"at\":\"2026-");

        AuditLog again = new(temp.Path, new ManualTime());

        Assert.Equal(["flush", "drop cache"], again.Entries.Select(e => e.Action));
        Assert.Equal("/a \"b\"\n and below", again.Entries[1].Target);
        Assert.Equal(3, File.ReadAllLines(log.Path).Length);
    }
}
