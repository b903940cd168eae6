using System.Text;
using Capstan.ClientGateway.Views;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Tests.Views;

public sealed class RowKeyTests
{
    [Theory]
    [InlineData("a1", "a2", "a10", "a10b", "b")]
    [InlineData("img9.jpg", "img10.jpg", "img100.jpg")]
    [InlineData("1", "2", "10", "123456789", "1234567890", "99999999999999999999")]
    [InlineData("Alpha", "beta", "GAMMA")]
    [InlineData("zebra", "ähnlich", "Äpfel"), InlineData("naïve", "NAÏVF")]
    [InlineData("a", "a.txt", "a0", "aa")]
    [InlineData("\u202Eabc", "😀1", "😀2", "😀10")]
    public void Write_ByName_OrdersNaturallyAndWithoutCase(params string[] names)
    {
        ViewSpec up = new(SortColumn.Name), down = new(SortColumn.Name, true);
        for (int i = 1; i < names.Length; i++)
        {
            Assert.True(Compare(up, names[i - 1], names[i]) < 0, $"{names[i - 1]} < {names[i]}");
            Assert.Equal(-Math.Sign(Compare(up, names[i - 1], names[i])), Math.Sign(Compare(down, names[i - 1], names[i])));
        }
    }

    [Fact]
    public void Write_Sizes_OrderByValueBothWaysAndDirectoriesStayFirst()
    {
        long[] sizes = [0, 1, 255, 256, 65_535, 65_536, 1L << 40, long.MaxValue];
        foreach (bool down in new[] { false, true })
        {
            ViewSpec spec = new(SortColumn.Size, down);
            for (int i = 1; i < sizes.Length; i++)
                Assert.Equal(down ? 1 : -1, Math.Sign(Key(spec, "x", sizes[i - 1]).AsSpan().SequenceCompareTo(Key(spec, "x", sizes[i]))));
            Assert.True(Key(spec, "z", 5, FileKind.Directory).AsSpan().SequenceCompareTo(Key(spec, "a", 5)) < 0);
        }
    }

    [Fact]
    public void Write_LongestNames_Fit()
    {
        string[] names = [new('1', 255), string.Concat(Enumerable.Repeat("1a", 127)), new('Ⱥ', 127), "." + new string('Ⱥ', 127), new('\u0001', 255)];
        foreach (SortColumn sort in Enum.GetValues<SortColumn>())
        {
            foreach (string name in names)
                Assert.InRange(Key(new ViewSpec(sort, true), name, 1).Length, 1, RowKey.MaxLength);
        }
    }

    [Theory]
    [InlineData("jpg", "IMG_1.JPG", true)]
    [InlineData("IMG", "img_1", true)]
    [InlineData("x", "abc", false)]
    [InlineData("*.jpg", "a.JPG", true)]
    [InlineData("*.jpg", "a.jpgx", false)]
    [InlineData("a?c", "aéc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b", "xxaxxbxx", false)]
    [InlineData("ÄPF", "äpfel", true)]
    [InlineData("?", "😀", true)]
    public void Filter_MatchesOneNameAndAPageOfThemAlike(string filter, string name, bool matches)
    {
        NameFilter made = new(filter);
        Assert.Equal(matches, made.Matches(Encoding.UTF8.GetBytes(name)));
        byte[] text = [.. "first"u8, 0, .. Encoding.UTF8.GetBytes(name), 0, .. "last"u8, 0];
        int end = 6 + Encoding.UTF8.GetByteCount(name);
        List<int> found = [];
        made.Scan(text, [5, end, end + 5], found.Add);
        Assert.Equal(matches, found.Contains(1));
    }

    [Fact]
    public void Filter_NameThatIsNotUtf8_IsFoundAsItIsShown()
    {
        FileName name = FileName.Create([(byte)'a', 0xFF, (byte)'b']);
        Assert.True(new NameFilter(name.ToString()).Matches(name.Span));
        Assert.True(new NameFilter(@"\xFF").Matches(name.Span));
        Assert.True(new NameFilter("a?b").Matches(name.Span));
        Assert.False(new NameFilter(@"\xFE").Matches(name.Span));
    }

    private static int Compare(ViewSpec spec, string one, string other) => Key(spec, one, 0).AsSpan().SequenceCompareTo(Key(spec, other, 0));

    private static byte[] Key(ViewSpec spec, string name, long size, FileKind kind = FileKind.File)
    {
        byte[] key = new byte[RowKey.MaxLength];
        PageRow row = PageRow.Of(ScriptedMds.File(7)) with { Size = size, Mode = InodeAttributes.ModeOf(kind, 0x1A4) };
        return key[..RowKey.Write(spec, Encoding.UTF8.GetBytes(name), row, key)];
    }
}
