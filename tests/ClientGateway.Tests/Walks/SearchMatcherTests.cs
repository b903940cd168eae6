using Capstan.ClientGateway.Walks;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Tests.Walks;

public sealed class SearchMatcherTests
{
    private static readonly (string Name, FileKind Kind, long Size, long Mtime)[] Entries =
    [
        ("a report.PDF", FileKind.File, 5000, 100),
        ("empty", FileKind.File, 0, 200),
        ("link to report", FileKind.Symlink, 9, 300),
        ("Report", FileKind.Directory, 12, 400),
        ("réport", FileKind.File, 5001, 500),
        ("zz\nreport", FileKind.File, 1 << 30, 600),
    ];

    [Theory]
    [InlineData("report", "a report.PDF|link to report|Report|zz\nreport")]
    [InlineData("RÉP", "réport")]
    [InlineData("*.pdf", "a report.PDF")]
    [InlineData("?eport", "Report")]
    [InlineData("r?port", "Report|réport")]
    [InlineData("", "a report.PDF|empty|link to report|Report|réport|zz\nreport")]
    [InlineData("nothing", "")]
    public void Scan_ByName_InAnyCaseOrAsAPattern(string name, string expected) => Assert.Equal(expected, Found(new SearchSpec { Name = name }));

    [Fact]
    public void Scan_BySize_OfFilesAloneAndBothEndsIncluded()
    {
        Assert.Equal("a report.PDF|réport", Found(new SearchSpec { MinSize = 5000, MaxSize = 5001 }));
        Assert.Equal("empty", Found(new SearchSpec { MaxSize = 0 }));
        Assert.Equal("zz\nreport", Found(new SearchSpec { MinSize = 5002, Name = "report" }));
    }

    [Fact]
    public void Scan_ByTime_TheEndExcluded() => Assert.Equal("empty|link to report", Found(new SearchSpec { ModifiedFromNs = 200, ModifiedBeforeNs = 400 }));

    [Theory]
    [InlineData(SearchKinds.Folders, "Report")]
    [InlineData(SearchKinds.Links | SearchKinds.Folders, "link to report|Report")]
    [InlineData(SearchKinds.Special, "")]
    public void Scan_ByKind(SearchKinds kinds, string expected) => Assert.Equal(expected, Found(new SearchSpec { Kinds = kinds }));

    [Fact]
    public void IsEmpty_OfTheDefaultAlone()
    {
        Assert.True(new SearchSpec().IsEmpty);
        Assert.False(new SearchSpec { MinSize = 0 }.IsEmpty);
    }

    private static string Found(SearchSpec spec)
    {
        DirectoryPageBuilder builder = new();
        foreach ((FileName name, PageRow row) in Entries.Select(e => Row(e)).OrderBy(e => e.Name))
            Assert.True(builder.TryAdd(name.Span, row));
        DirectoryPage page = DirectoryPage.OpenTrusted(builder.Build(new PageHeader(new Epoch(1), InodeId.Root, new DirectoryVersion(1), 0, Entries.Length, true)));
        SearchMatcher matcher = new(spec);
        List<int> found = [];
        matcher.Scan(page, (index, _) => found.Add(index));
        Assert.Equal(found, Enumerable.Range(0, page.Count).Where(i => matcher.Matches(page.Name(i), page.Row(i))));
        return string.Join('|', Entries.Where(e => found.Any(i => page.Name(i) == Row(e).Name)).Select(e => e.Name));
    }

    private static (FileName Name, PageRow Row) Row((string Name, FileKind Kind, long Size, long Mtime) entry) => (
        FileName.Create(entry.Name),
        PageRow.Of(new InodeAttributes { Ino = new InodeId(10 + (ulong)entry.Mtime), Mode = InodeAttributes.ModeOf(entry.Kind, 0x1A4), Size = entry.Size, MtimeNs = entry.Mtime }));
}
