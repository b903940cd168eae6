using Capstan.Shared;
using Capstan.WebUi.ViewModels.Trash;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels.Trash;

public sealed class TrashOrderTests
{
    /// <summary>As they are read; the times in milliseconds.</summary>
    private static readonly List<TrashEntry> Entries =
    [
        Entry("b", "/x", 70_000, 9),
        // One job: in two moments, by number within each.
        Entry("file 10", "/x", 50_300, 1, size: 5),
        Entry("File 9", "/x", 50_300, 2, size: 70_000),
        Entry("sub", "/x", 50_300, 3, isFolder: true),
        Entry("file 1", "/x", 50_000, 4, size: 3),
        Entry("a", "/x/y", 30_000, 5, size: 5),
        Entry("a", "/B", 10_000, 6),
    ];

    [Theory]
    [InlineData(null, "b, sub, file 1, File 9, file 10, a5, a6")]
    [InlineData("deleted", "a6, a5, sub, file 1, File 9, file 10, b")]
    [InlineData("name", "sub, a5, a6, b, file 1, File 9, file 10")]
    [InlineData("-name", "sub, file 10, File 9, file 1, b, a5, a6")]
    [InlineData("place", "a6, sub, b, file 1, File 9, file 10, a5")]
    [InlineData("-place", "a5, sub, b, file 1, File 9, file 10, a6")]
    [InlineData("size", "sub, a6, b, file 1, a5, file 10, File 9")]
    [InlineData("-size", "sub, File 9, a5, file 10, file 1, a6, b")]
    public void Order_IsThatOfAListing_AndEqualOnesAreNewestFirst(string? order, string expected) =>
        Assert.Equal(expected, string.Join(", ", TrashOrder.Parse(order).Of(Entries).Select(e => e.Name.ToString() == "a" ? $"a{e.Id.Ino}" : e.Name.ToString())));

    [Fact]
    public void OneTime_EndsAfterAMinute_SoThatNoTrickleOfHoursIsOne()
    {
        // Every half a second one, for two minutes and a half: f299 at the beginning of a minute, the newest.
        List<TrashEntry> trickle = [.. Enumerable.Range(0, 300).Select(i => Entry($"f{299 - i:000}", "/", 300_000 - (i * 500), (ulong)i + 1))];
        string[] newest = [.. TrashOrder.Newest.Of(trickle).Select(e => e.Name.ToString())];
        Assert.Equal(["f299", "f179", "f180"], newest[..3]);
        Assert.Equal(["f298", "f059", "f060"], newest[120..123]);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("-deleted", null)]
    [InlineData("deleted", "deleted")]
    [InlineData("-SIZE", "-size")]
    [InlineData("place", "place")]
    [InlineData("--name", "-name")]
    [InlineData("2", null)]
    [InlineData("-", null)]
    [InlineData("colour", null)]
    public void Parse_WhatCannotBeReadIsTheNewestFirst(string text, string? shown) => Assert.Equal(shown, TrashOrder.Parse(text).ToString());

    [Fact]
    public void Toggle_FirstTheWayRoundThatOneLooksFor()
    {
        Assert.Equal("deleted", TrashOrder.Newest.Toggle(TrashColumn.Deleted).ToString());
        Assert.Equal("-size", TrashOrder.Newest.Toggle(TrashColumn.Size).ToString());
        Assert.Equal("name", TrashOrder.Newest.Toggle(TrashColumn.Name).ToString());
        Assert.Equal("-name", TrashOrder.Newest.Toggle(TrashColumn.Name).Toggle(TrashColumn.Name).ToString());
        Assert.Equal(TrashOrder.Newest, TrashOrder.Parse("name").Toggle(TrashColumn.Deleted));
    }

    internal static TrashEntry Entry(string name, string folder, long milliseconds, ulong ino, long size = 0, bool isFolder = false) => new(
        new TrashId(1000, milliseconds * 1_000_000, new InodeId(ino)),
        new InodeAttributes { Ino = new InodeId(ino), Mode = InodeAttributes.ModeOf(isFolder ? FileKind.Directory : FileKind.File, 0x1A4), Size = size },
        new InodeId(1),
        [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Append(name).Select(Name)]);
}
