using Capstan.Shared;
using Capstan.WebUi.Components.Files;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests;

public sealed class RowMarkupTests
{
    [Fact]
    public void Cells_NamesAndTargetsThatAreMarkup_AreText()
    {
        const string Evil = "<img src=x onerror=alert(1)>\"' & </div><script>alert(2)</script>";
        InodeAttributes inode = new() { Ino = new InodeId(7), Mode = InodeAttributes.ModeOf(FileKind.Symlink, 0x1FF), Size = 3 };
        DirectoryEntry entry = new(FileName.Create("x"), inode);

        string cells = RowMarkup.Cells(entry, FileIcon.Of(entry), Evil, "/files/\"><b>", Evil, FileColumns.Default, DateTimeOffset.UnixEpoch).Value;

        Assert.DoesNotContain("<img", cells);
        Assert.DoesNotContain("<script", cells);
        Assert.DoesNotContain("<b>", cells);
        Assert.DoesNotContain("/files/\"", cells);
        Assert.Equal(4, System.Text.RegularExpressions.Regex.Count(cells, "&lt;img"));
    }
}
