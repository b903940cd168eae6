using System.Text;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.Shared.Tests.Pages;

public sealed class DirectoryPageTests
{
    private static readonly PageHeader Header = new(new Epoch(3), new InodeId(7), new DirectoryVersion(9), 0, 1024, false);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1024)]
    public void Build_AnyCount_ReadsBackEveryRow(int count)
    {
        List<(byte[] Name, PageRow Row)> rows = Rows(count, seed: count);
        DirectoryPage page = Build(rows, Header with { Total = count, Last = true });

        Assert.Equal(count, page.Count);
        Assert.Equal(new PageHeader(new Epoch(3), new InodeId(7), new DirectoryVersion(9), 0, count, true), page.Header);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(rows[i].Name, page.Name(i).ToArray());
            Assert.Equal(rows[i].Row, page.Row(i));
            Assert.Equal(rows[i].Row.Ino, page.Ino(i));
            Assert.Equal(i, page.Find(rows[i].Name));
        }
    }

    [Fact]
    public void Build_AMillionNamesWithOneLongPrefix_CostWhatTheyDifferBy()
    {
        const int Names = 1_000_000;
        byte[] name = Encoding.ASCII.GetBytes(new string('p', 240) + "0000000");
        byte[] read = new byte[FileName.MaxLength];
        DirectoryPageBuilder builder = new();
        long bytes = 0;
        int built = 0;
        for (int i = 0; i <= Names; i++)
        {
            Encoding.ASCII.GetBytes($"{i:D7}", name.AsSpan(240));
            if (i < Names && builder.TryAdd(name, new PageRow(new InodeId((ulong)i + 2), 0x81A4, 0, 0, 1, 0, 0, 0, 0)))
                continue;
            DirectoryPage page = DirectoryPage.TryOpen(builder.Build(Header with { FirstRank = built, Total = Names, Last = i == Names }))!;
            bytes += page.Bytes.Length;
            // Each tenth by its place and by its name: all of it is Build_AnyCount's to prove.
            for (int row = 0; row < page.Count; row += 10)
            {
                Encoding.ASCII.GetBytes($"{built + row:D7}", name.AsSpan(240));
                Assert.True(read.AsSpan(0, page.CopyName(row, read)).SequenceEqual(name));
                Assert.Equal(row, page.Find(name));
            }
            built += page.Count;
            if (i < Names)
                i--; // The page was full: this one is the first of the next.
        }
        Assert.Equal(Names, built);
        Assert.InRange((double)bytes / Names, 1, 30); // one name in sixteen is there whole
    }

    [Fact]
    public void Find_NameNotThere_TellsWhereItWouldStand()
    {
        List<(byte[] Name, PageRow Row)> rows = Rows(300, seed: 5);
        DirectoryPage page = Build(rows, Header);
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] name = RandomName(random);
            int expected = rows.FindIndex(r => r.Name.AsSpan().SequenceCompareTo(name) >= 0);
            if (expected < 0)
                expected = rows.Count;
            bool there = expected < rows.Count && rows[expected].Name.AsSpan().SequenceEqual(name);
            Assert.Equal(there ? expected : ~expected, page.Find(name));
        }
    }

    [Fact]
    public void TryOpen_AnyByteChanged_IsRefused()
    {
        byte[] good = Build(Rows(100, seed: 2), Header).Bytes.ToArray();
        Assert.NotNull(DirectoryPage.TryOpen([.. good]));
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x41;
            Assert.Null(DirectoryPage.TryOpen(bad));
        }
        for (int length = 0; length < good.Length; length += 7)
            Assert.Null(DirectoryPage.TryOpen(good[..length]));
    }

    [Fact]
    public void TryOpen_GarbageWithGoodChecksum_IsRefusedWithoutThrowing()
    {
        byte[] good = Build(Rows(100, seed: 2), Header).Bytes.ToArray();
        Random random = new(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = [.. good];
            for (int k = random.Next(1, 4); k > 0; k--)
                bad[random.Next(8, bad.Length)] = (byte)random.Next(256);
            BitConverter.TryWriteBytes(bad.AsSpan(4), PageLayout.Checksum(bad));
            if (DirectoryPage.TryOpen(bad) is { } page)
            {
                for (int row = 0; row < page.Count; row++)
                    page.Entry(row);
            }
        }
    }

    [Fact]
    public void TryAdd_LongestNames_StaysBelowTheBound()
    {
        DirectoryPageBuilder builder = new();
        int added = 0;
        while (builder.TryAdd(Encoding.ASCII.GetBytes($"{added:D8}".PadRight(255, (char)('a' + (added % 7)))), new PageRow(new InodeId((ulong)added << 40), (uint)added % 200, 1, 1, 1, (long)added << 50, (long)added * 1_000_003, 1, added)))
            added++;
        byte[] page = builder.Build(Header);
        Assert.InRange(page.Length, 60_000, DirectoryPageBuilder.MaxBytes);
        Assert.NotNull(DirectoryPage.TryOpen(page));
    }

    [Fact]
    public void Build_PhotoNames_TakesFewBytesAnEntry()
    {
        DirectoryPageBuilder builder = new();
        Random random = new(1);
        for (int i = 0; i < 1024; i++)
            Assert.True(builder.TryAdd(Encoding.ASCII.GetBytes($"img_{i:D8}.jpg"), new PageRow(new InodeId((ulong)(1000 + i)), 0x81A4, 1000, 1000, 1, random.Next(1, 8_000_000), 1_700_000_000_000_000_000 + (random.NextInt64(1_000_000) * 1_000_000), 0, 1)));
        Assert.True(builder.Build(Header).Length / 1024.0 < 20);
    }

    private static DirectoryPage Build(List<(byte[] Name, PageRow Row)> rows, PageHeader header)
    {
        DirectoryPageBuilder builder = new();
        foreach ((byte[] name, PageRow row) in rows)
            Assert.True(builder.TryAdd(name, row));
        DirectoryPage? page = DirectoryPage.TryOpen(builder.Build(header));
        Assert.NotNull(page);
        return page;
    }

    private static List<(byte[] Name, PageRow Row)> Rows(int count, int seed)
    {
        Random random = new(seed);
        SortedSet<byte[]> names = new(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        while (names.Count < count)
            names.Add(RandomName(random));
        return [.. names.Select(n => (n, new PageRow(
            new InodeId((ulong)random.NextInt64(1, long.MaxValue)), (uint)(0x8000 | random.Next(8)), (uint)random.Next(3), 100, 1,
            random.NextInt64(0, 1L << random.Next(1, 62)), random.NextInt64(-1_000_000_000, long.MaxValue / 2), (uint)random.Next(3), random.Next(5))))];
    }

    private static byte[] RandomName(Random random)
    {
        byte[] name = new byte[random.Next(1, random.Next(10) == 0 ? 256 : 12)];
        do
        {
            for (int i = 0; i < name.Length; i++)
                name[i] = random.Next(3) == 0 ? (byte)random.Next(1, 256) : (byte)random.Next('a', 'e');
        }
        while (!FileName.IsValid(name));
        return name;
    }
}
