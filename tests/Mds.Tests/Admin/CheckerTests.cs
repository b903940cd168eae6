using Capstan.Mds.Admin;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Tests.Admin;

public sealed class CheckerTests
{
    [Fact]
    public void Run_EachKindOfDamage_IsFound()
    {
        Assert.Equal([FindingKind.WrongCount, FindingKind.WrongCount], Damage((store, ids) => store.DeleteDentry(ids.Dir, "f"u8)));
        Assert.Equal([FindingKind.WrongCount], Damage((store, _) => store.WriteCounter(StoreCounter.Entries, 77)));
        Assert.Contains(FindingKind.BrokenReference, Damage((store, ids) => store.DeleteDirectory(ids.Dir)));
        Assert.Contains(FindingKind.Orphan, Damage((store, ids) => store.DeleteDentry(InodeId.Root, "d"u8)));
        Assert.Equal([FindingKind.BrokenReference], Damage((store, ids) => store.DeleteLinked(ids.Linked)));
        Assert.Equal([FindingKind.BrokenReference], Damage((store, ids) => store.AddPlace(ids.Linked, ids.Dir, "ghost"u8)));
        Assert.Equal([FindingKind.BrokenReference], Damage((store, ids) => store.RemovePlace(ids.Linked, ids.Dir, "g"u8)));
        Assert.Equal([FindingKind.Orphan], Damage((store, ids) => store.WriteXattr(ids.File, "user.x"u8, [1])));
        Assert.Equal([FindingKind.BadValue], Damage((store, _) => store.WriteCounter(StoreCounter.NextIno, 3)));
    }

    private static List<FindingKind> Damage(Action<INamespaceStore, (InodeId Dir, InodeId File, InodeId Linked)> damage)
    {
        using EngineFixture fs = new();
        InodeId dir = fs.Mkdir(InodeId.Root, "d");
        InodeId file = fs.Create(dir, "f");
        InodeId linked = fs.Create(dir, "g");
        fs.Link(dir, "g", InodeId.Root, "h");
        fs.AssertClean();
        fs.Store.Begin();
        damage(fs.Store, (dir, file, linked));
        fs.Store.Commit();
        return new Checker(fs.Store, null).Run().Findings.Select(finding => finding.Kind).ToList();
    }
}
