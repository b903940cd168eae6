using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class FilePathTests
{
    // Latin-1 stands for bytes.
    [Theory]
    [InlineData("100%41")]
    [InlineData("#hash?query")]
    [InlineData("a&b+c=d")]
    [InlineData("quote\"'`")]
    [InlineData("-rf")]
    [InlineData("new\nline\ttab")]
    [InlineData("back\\slash")]
    [InlineData(" ")]
    [InlineData("%2F")]
    [InlineData("...")]
    [InlineData("..%2F")]
    [InlineData("f\\xFF")]
    [InlineData("f\u00FF\u00FE")]
    [InlineData("\u00E6\u0097\u00A5\u00F0\u009F\u008E\u0089")]
    [InlineData("\u0001\u007F")]
    [InlineData("a;b:c@d,e")]
    public void TryParseUrl_WhatToFilesUrlWrote_IsTheSamePath(string latin)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(latin);
        FilePath path = FilePath.Root.Append(FileName.Create("d")).Append(FileName.Create(bytes));

        Assert.True(FilePath.TryParseUrl("http://127.0.0.1:5080" + path.ToFilesUrl() + "?x=/y#z", "/files/", out FilePath read));
        Assert.Equal(path, read);
        Assert.Equal(path.ToFilesUrl(), new Uri("http://h" + path.ToFilesUrl()).AbsolutePath);
    }

    [Fact]
    public void EncodeName_NamesThatLookAlike_StayApart() =>
        Assert.NotEqual(FilePath.EncodeName(FileName.Create("f\\xFF")), FilePath.EncodeName(FileName.Create([0x66, 0xFF])));

    [Theory]
    [InlineData("http://h/files", true, "/")]
    [InlineData("http://h/files/", true, "/")]
    [InlineData("/files/a//b/", true, "/a/b")]
    [InlineData("/files/a%2Fb", false, "/")]
    [InlineData("/files/..", false, "/")]
    [InlineData("/files/%2E%2E", false, "/")]
    [InlineData("/files/a%00", false, "/")]
    [InlineData("/filesystem", false, "/")]
    [InlineData("/files/100%", true, "/100%")]
    public void TryParseUrl_OtherAddresses_AreReadOrRefused(string url, bool good, string shown)
    {
        Assert.Equal(good, FilePath.TryParseUrl(url, "/files/", out FilePath path));
        Assert.Equal(shown, path.ToString());
    }
}
