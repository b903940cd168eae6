using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class FileIconTests
{
    [Theory]
    [InlineData("holiday.jpg", "image", "image")]
    [InlineData("HOLIDAY.JPG", "image", "image")]
    [InlineData("film.webm", "movie", "video")]
    [InlineData("song.flac", "music_note", "audio")]
    [InlineData("paper.pdf", "picture_as_pdf", "pdf")]
    [InlineData("readme.md", "description", "text")]
    [InlineData("figures.csv", "table_chart", "table")]
    [InlineData("talk.pptx", "slideshow", "pdf")]
    [InlineData("all.tar.gz", "folder_zip", "archive")]
    [InlineData("Program.cs", "code", "code")]
    [InlineData("data.json", "data_object", "code")]
    [InlineData("book.epub", "menu_book", "text")]
    [InlineData("letter.eml", "mail", "text")]
    [InlineData("Inter.woff2", "font_download", "plain")]
    [InlineData("debian.iso", "album", "archive")]
    [InlineData("host.pem", "key", "plain")]
    [InlineData("Makefile", "draft", "plain")]
    [InlineData(".pdf", "draft", "plain")]
    [InlineData("name.", "draft", "plain")]
    [InlineData("file.unheardof", "draft", "plain")]
    public void Of_AFile_IsByWhatItsNameEndsWith(string name, string symbol, string tone)
    {
        FileIcon icon = FileIcon.Of(Entry(name, FileKind.File));

        Assert.Equal((symbol, tone), (icon.Symbol, icon.Tone));
    }

    [Fact]
    public void Of_AFolderOrALink_IsByItsKind_WhateverItsName()
    {
        Assert.Equal("folder", FileIcon.Of(Entry("album.jpg", FileKind.Directory)).Symbol);
        Assert.Equal("link", FileIcon.Of(Entry("album.jpg", FileKind.Symlink)).Symbol);
    }

    [Fact]
    public void Of_ANameThatIsNoText_IsPlain() =>
        Assert.Equal("draft", FileIcon.Of(new DirectoryEntry(FileName.Create([(byte)'a', (byte)'.', 0xFF, 0xFE]), new InodeAttributes { Ino = new InodeId(7), Mode = InodeAttributes.ModeOf(FileKind.File, 0x1A4) })).Symbol);

    private static DirectoryEntry Entry(string name, FileKind kind) =>
        new(FileName.Create(name), new InodeAttributes { Ino = new InodeId(7), Mode = InodeAttributes.ModeOf(kind, 0x1A4) });
}
