using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels.Search;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class SearchQueryTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData("0", 0L)]
    [InlineData("500", 500L)]
    [InlineData("10 MB", 10L << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("2k", 2048L)]
    [InlineData("7 b", 7L)]
    public void Size_ReadAsPeopleTypeIt(string text, long? expected)
    {
        Assert.True(SizeInput.TryParse(text, out long? bytes));
        Assert.Equal(expected, bytes);
        Assert.True(SizeInput.TryParse(SizeInput.Of(bytes), out long? again));
        Assert.Equal(bytes, again);
    }

    [Theory]
    [InlineData("much")]
    [InlineData("-1")]
    [InlineData("B")]
    [InlineData("99999999 T")]
    [InlineData("1e9")]
    public void Size_ThatIsNone_IsRefused(string text) => Assert.False(SizeInput.TryParse(text, out _));

    [Fact]
    public void Address_ReadBack_IsTheSameSearch()
    {
        SearchQuery query = new()
        {
            Name = "100%&#?=+ \"ü\n*.jpg",
            Kinds = SearchKinds.Files | SearchKinds.Links,
            MinSize = 10 << 20,
            MaxSize = 12345,
            From = new DateOnly(2026, 1, 31),
            To = new DateOnly(2026, 2, 28),
            Sort = SortColumn.Size,
            Descending = true,
        };
        Assert.Equal(query, SearchQuery.Parse("http://host/search/a" + query.ToUrl()));
        Assert.Equal("", new SearchQuery().ToUrl());
    }

    [Theory]
    [InlineData("?min=much&max=-3&from=yesterday&to=2026-99-99&kind=7&sort=3&sort=-&q")]
    [InlineData("?kind=none")]
    [InlineData("")]
    public void Address_ThatMakesNoSense_MeansNothing(string query) => Assert.Equal(new SearchQuery(), SearchQuery.Parse("/search/" + query));

    [Fact]
    public void Spec_LastDay_IsIncluded()
    {
        SearchSpec spec = new SearchQuery { From = new DateOnly(1970, 1, 2), To = new DateOnly(1970, 1, 2) }.Spec;
        Assert.Equal((86_400_000_000_000L, 2 * 86_400_000_000_000L), (spec.ModifiedFromNs, spec.ModifiedBeforeNs));
        _ = new SearchQuery { From = DateOnly.MinValue, To = DateOnly.MaxValue }.Spec;
    }
}
