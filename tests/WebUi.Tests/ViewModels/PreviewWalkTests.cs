using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Preview;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class PreviewWalkTests
{
    private readonly FakeFileSystem _files = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Move_GoesThroughTheListAndStopsAtItsEnds()
    {
        Put("a.png", _files.NewFile(10));
        Put("b", _files.NewDirectory());
        Put("c%2F.md", _files.NewFile(20));
        (PreviewWalk walk, DirectoryViewModel directory) = await OpenAsync();

        PreviewItem first = (await walk.HereAsync(Cancellation))!;
        Assert.Equal(("a.png", "a.png", "Image", 0L, 3L, false), (first.Name, first.Path, first.Kind, first.Position, first.Count, first.CanEdit));
        Assert.True((await walk.MoveAsync(1, Cancellation))!.IsFolder);
        PreviewItem last = (await walk.MoveAsync(1, Cancellation))!;
        Assert.Equal(("c%252F.md", "Markdown", true), (last.Path, last.Kind, last.CanEdit));
        Assert.Null(await walk.MoveAsync(1, Cancellation));
        Assert.Equal(2, directory.Cursor);
        Assert.Equal("b", (await walk.MoveAsync(-1, Cancellation))!.Name);
    }

    [Fact]
    public async Task Here_OfALink_IsWhatItLeadsToOrTheReasonWhyNot()
    {
        Put("circle", _files.NewSymlink("circle"));
        Put("good", _files.NewSymlink("target.txt"));
        Put("lost", _files.NewSymlink("nowhere"));
        Put("out", _files.NewSymlink("../../etc/passwd"));
        Put("target.txt", _files.NewFile(content: "hello"u8.ToArray()));
        (PreviewWalk walk, _) = await OpenAsync();

        Assert.Equal("This link leads in a circle.", (await walk.HereAsync(Cancellation))!.Problem);
        PreviewItem good = (await walk.MoveAsync(1, Cancellation))!;
        Assert.Equal(("good", "target.txt", "Text", 5L, "/target.txt", null), (good.Name, good.Path, good.Kind, good.Size, good.Target, good.Problem));
        Assert.Equal("What this link leads to is not there.", (await walk.MoveAsync(1, Cancellation))!.Problem);
        Assert.Equal("This link leads out of this tree.", (await walk.MoveAsync(1, Cancellation))!.Problem);
    }

    [Theory]
    [InlineData("a.html", PreviewKind.Text, "text/plain; charset=utf-8")]
    [InlineData("a.SVG", PreviewKind.Image, "image/svg+xml")]
    [InlineData("a.js", PreviewKind.Text, "text/plain; charset=utf-8")]
    [InlineData("a.xhtml", PreviewKind.Text, "text/plain; charset=utf-8")]
    [InlineData("README", PreviewKind.Text, "text/plain; charset=utf-8")]
    [InlineData("html", PreviewKind.Unknown, null)]
    [InlineData(".png", PreviewKind.Unknown, null)]
    [InlineData("a.swf", PreviewKind.Unknown, null)]
    public void MediaType_IsNeverOneThatRuns(string name, PreviewKind kind, string? type) =>
        Assert.Equal(new MediaType(kind, type), MediaType.Of(FileName.Create(name)));

    private async Task<(PreviewWalk Walk, DirectoryViewModel Directory)> OpenAsync()
    {
        FilesViewModel files = new(_files, Rows.Alice, TimeProvider.System);
        await files.OpenAsync(FilePath.Root);
        await files.Directory!.MoveCursorAsync(0, CursorMode.Select);
        return (new PreviewWalk(_files, Rows.Alice, files, files.Directory), files.Directory);
    }

    private void Put(string name, FakeInode inode)
    {
        _files.Root.Directory!.Put(FileName.Create(name), inode);
        _files.Root.Attributes = _files.Root.Attributes with { Size = _files.Root.Directory.Count };
    }
}
