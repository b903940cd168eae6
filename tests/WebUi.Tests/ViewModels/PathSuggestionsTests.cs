using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class PathSuggestionsTests
{
    private static readonly Caller Alice = new(1000, 1000, []);

    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("b/", "/here/b")]
    [InlineData("../up/./x", "/up/x")]
    [InlineData("/../../x", "/x")]
    [InlineData("//a//", "/a")]
    [InlineData("", "/here")]
    public void TryParse_TypedPath_IsThatPath(string text, string expected)
    {
        Assert.True(PathSuggestions.TryParse(text, FilePath.Root.Append(FileName.Create("here")), out FilePath path));
        Assert.Equal(expected, path.ToString());
    }

    [Fact]
    public void TryParse_ShownFormOfBytesThatAreNoText_IsThoseBytes()
    {
        FileName odd = FileName.Create([0x66, 0xFF, 0xFE, 0x6F]);
        Assert.True(PathSuggestions.TryParse("/" + odd, FilePath.Root, out FilePath path));
        Assert.Equal(odd, path.Name);
    }

    [Fact]
    public void TryParse_NameTooLong_IsRefused() => Assert.False(PathSuggestions.TryParse("/" + new string('x', 256), FilePath.Root, out _));

    [Theory]
    [InlineData("/Doc", "/Documents")]
    [InlineData("/Documents/L", "/Documents/Letters")]
    [InlineData("/mixed", "/mixed outcomes,/mixed outcomes 2")]
    [InlineData("/READ", "")]
    [InlineData("/nowhere/x", "")]
    public async Task Find_BegunPath_SuggestsItsFolders(string text, string expected)
    {
        PathSuggestions paths = new(FolderTreeTests.Files(), Alice);
        Assert.Equal(expected, string.Join(',', await paths.FindAsync(text, FilePath.Root, CancellationToken.None)));
    }

    [Fact]
    public async Task Target_OfATypedPath_IsItOrTheReasonInWords()
    {
        PathSuggestions paths = new(FolderTreeTests.Files(), Alice);
        FilePath documents = FilePath.Root.Append(FileName.Create("Documents"));
        Assert.Equal((documents, null), await paths.TargetAsync(documents, CancellationToken.None));
        Assert.Contains("no such", (await paths.TargetAsync(FilePath.Root.Append(FileName.Create("nope")), CancellationToken.None)).Problem);
    }
}
