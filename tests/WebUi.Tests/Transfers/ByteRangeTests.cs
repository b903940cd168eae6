using Capstan.Shared;
using Capstan.WebUi.Transfers;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Tests.Transfers;

public sealed class ByteRangeTests
{
    private static readonly EntityTagHeaderValue Tag = new("\"5-1\"");
    private static readonly DateTimeOffset Modified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(null, "Whole", 0, 1000)]
    [InlineData("bytes=0-99", "Partial", 0, 100)]
    [InlineData("bytes=900-", "Partial", 900, 100)]
    [InlineData("bytes=900-5000", "Partial", 900, 100)]
    [InlineData("bytes=-1", "Partial", 999, 1)]
    [InlineData("bytes=-5000", "Partial", 0, 1000)]
    [InlineData("bytes=1000-", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=-0", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=0-1,5-6", "Whole", 0, 1000)]
    [InlineData("lines=0-1", "Whole", 0, 1000)]
    [InlineData("bytes=9-1", "Whole", 0, 1000)]
    [InlineData("nonsense", "Whole", 0, 1000)]
    public void Parse_Ranges_AreWholePartialOrUnsatisfiable(string? header, string outcome, long first, long length)
    {
        ByteRange range = ByteRange.Parse(header, null, 1000, Tag, Modified);

        Assert.Equal((Enum.Parse<RangeOutcome>(outcome), first, length), (range.Outcome, range.First, range.Length));
    }

    [Theory]
    [InlineData("\"5-1\"", "Partial")]
    [InlineData("\"5-2\"", "Whole")]
    [InlineData("W/\"5-1\"", "Whole")]
    [InlineData("Fri, 02 Jan 2026 03:04:05 GMT", "Partial")]
    [InlineData("Fri, 02 Jan 2026 03:04:06 GMT", "Whole")]
    [InlineData("nonsense", "Whole")]
    public void Parse_IfRange_HoldsOnlyForTheSameContent(string ifRange, string outcome) =>
        Assert.Equal(Enum.Parse<RangeOutcome>(outcome), ByteRange.Parse("bytes=0-9", ifRange, 1000, Tag, Modified).Outcome);

    [Fact]
    public void Parse_EmptyContent_HasNoRange() =>
        Assert.Equal(RangeOutcome.Unsatisfiable, ByteRange.Parse("bytes=0-", null, 0, Tag, Modified).Outcome);

    [Fact]
    public void Attachment_OddName_IsQuotedAndEncoded() =>
        Assert.Equal("attachment; filename=\"a_b___.txt\"; filename*=UTF-8''a%22b%C3%BC%0A%0D.txt", ContentDisposition.Attachment(FileName.Create("a\"bü\n\r.txt")));
}
