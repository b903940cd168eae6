using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class PagePreferencesTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        PagePreferences written = new() { ShowsTree = false, ShowsDetails = true, TreeWidth = 300, Columns = new([FileColumn.Size, FileColumn.Type]) };
        PagePreferences read = new();
        read.Read(written.Text);
        Assert.Equal(written.Text, read.Text);
        Assert.Equal(written.Columns, read.Columns);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("width:abc.tree")]
    [InlineData("a:b:c...:::")]
    public void Read_Nonsense_ChangesNothing(string? text)
    {
        PagePreferences read = new();
        read.Read(text);
        Assert.Equal(new PagePreferences().Text, read.Text);
    }

    [Fact]
    public void TreeWidth_OutOfBounds_IsBrought()
    {
        PagePreferences read = new();
        read.Read("width:99999");
        Assert.Equal(PagePreferences.MaxTreeWidth, read.TreeWidth);
    }
}
