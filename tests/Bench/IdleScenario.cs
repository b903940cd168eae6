using Capstan.ClientGateway;
using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Bench;

/// <summary>What a gateway keeps of a directory that nobody uses: memory after a full collection, by what was done with the directory before.</summary>
internal static class IdleScenario
{
    private const int Changes = 2_000;

    public static object Run(int directories)
    {
        double walked = PerDirectory(directories, Walked);
        double granted = PerDirectory(directories, Granted);
        double listed = PerDirectory(directories, Listed);
        double changed = PerDirectory(Math.Max(1, directories / 100), Changed);
        return new { directories, bytesWalkedThrough = walked, bytesWithCaps = granted, bytesWithCapsAndAPageOfTenEntries = listed, changes = Changes, bytesAfterChangesWithoutItsPages = changed };
    }

    private static double PerDirectory(int directories, Action<GatewayCore, InodeId> use)
    {
        GatewayCore core = new(new GatewayOptions { MaxDirectories = int.MaxValue, PageBudgetBytes = long.MaxValue / 4 }, TimeProvider.System);
        use(core, new InodeId(1_000_000_000)); // Whatever is made once.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < directories; i++)
            use(core, new InodeId(1000 + (ulong)i));
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(core);
        return Math.Round((double)(after - before) / directories);
    }

    private static void Walked(GatewayCore core, InodeId ino) => core.Directories.GetOrAdd(ino).Path = $"/projects/2026/customers/{ino.Value:D8}/drawings";

    private static void Granted(GatewayCore core, InodeId ino)
    {
        Walked(core, ino);
        InodeAttributes attributes = new() { Ino = ino, Mode = InodeAttributes.ModeOf(FileKind.Directory, 0x1ED), Nlink = 2, Size = 10 };
        core.Receive(new CapGrant(ino, CapBits.All, 1, new DirectoryVersion(1), attributes));
    }

    private static void Listed(GatewayCore core, InodeId ino)
    {
        Granted(core, ino);
        DirectoryPageBuilder builder = new();
        for (int i = 0; i < 10; i++)
            builder.TryAdd(FileName.Create($"drawing {i:D4}.dwg").Span, PageRow.Of(File(ino.Value + (ulong)i)));
        byte[] page = builder.Build(new PageHeader(core.Session.Epoch, ino, new DirectoryVersion(1), 0, 10, Last: true));
        core.Directories.GetOrAdd(ino).AddPage(DirectoryPage.OpenTrusted(page), underFs: true, prefetched: false);
    }

    private static void Changed(GatewayCore core, InodeId ino)
    {
        Listed(core, ino);
        DirectoryState directory = core.Directories.GetOrAdd(ino);
        for (int i = 0; i < Changes; i++)
        {
            DirectoryVersion from = directory.Version;
            core.Receive(new DirectoryDelta(ino, from, from.Next, i % 2 == 0 ? DeltaKind.Added : DeltaKind.Removed, FileName.Create($"scratch {i / 2}"), i % 2 == 0 ? File(7) : null));
        }
        directory.DropPages();
    }

    private static InodeAttributes File(ulong ino) => new() { Ino = new InodeId(ino), Mode = InodeAttributes.ModeOf(FileKind.File, 0x1A4), Nlink = 1 };
}
