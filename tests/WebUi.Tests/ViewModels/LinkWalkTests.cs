using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

/// <summary>
/// The tree: /a/b/f, and links in /links: here -> ., up -> ../a, deep -> up/b, file -> deep/f, top -> /a, out -> ../../etc, past -> /.., self -> self,
/// one -> two, two -> one, grows -> grows/x, lost -> nowhere, through -> file/x, back -> deep/../b/f.
/// </summary>
public sealed class LinkWalkTests
{
    private static readonly Caller Alice = new(1000, 1000, []);

    private readonly FakeFileSystem _files = new(TimeProvider.System);
    private readonly LinkWalk _walk;

    public LinkWalkTests()
    {
        FakeInode a = _files.NewDirectory(), b = _files.NewDirectory(), links = _files.NewDirectory();
        Put(_files.Root, "a", a);
        Put(_files.Root, "links", links);
        Put(a, "b", b);
        Put(b, "f", _files.NewFile(5));
        foreach ((string name, string target) in new[]
        {
            ("here", "."), ("up", "../a"), ("deep", "up/b"), ("file", "deep/f"), ("top", "/a"), ("out", "../../etc"), ("past", "/.."), ("self", "self"),
            ("one", "two"), ("two", "one"), ("grows", "grows/x"), ("lost", "nowhere"), ("through", "file/x"), ("back", "deep/../b/f"),
        })
            Put(links, name, _files.NewSymlink(target));
        _walk = new LinkWalk(_files, Alice);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/links/here", "/links")]
    [InlineData("/links/here/here/up", "/a")]
    [InlineData("/links/up/b/f", "/a/b/f")]
    [InlineData("/links/deep", "/a/b")]
    [InlineData("/links/file", "/a/b/f")]
    [InlineData("/links/top/b", "/a/b")]
    [InlineData("/links/back", "/a/b/f")]
    public async Task Follow_ThroughLinks_EndsAtAPathWithoutOne(string path, string expected)
    {
        FsResult<(FilePath Path, ClientGateway.ResolvedPath Found)> led = await FollowAsync(path);
        Assert.Equal(FsErrno.Ok, led.Errno);
        Assert.Equal(expected, led.Value.Path.ToString());
        Assert.NotEqual(FileKind.Symlink, led.Value.Found.Attributes.Kind);
    }

    [Theory]
    [InlineData("/links/out", FsErrno.NotSupported)]
    [InlineData("/links/past", FsErrno.NotSupported)]
    [InlineData("/links/self", FsErrno.TooManySymlinks)]
    [InlineData("/links/one/x", FsErrno.TooManySymlinks)]
    [InlineData("/links/grows", FsErrno.TooManySymlinks)]
    [InlineData("/links/lost", FsErrno.NoEntry)]
    [InlineData("/links/through", FsErrno.NotDirectory)]
    [InlineData("/a/b/f/x", FsErrno.NotDirectory)]
    [InlineData("/a/nothing", FsErrno.NoEntry)]
    public async Task Follow_WhatLeadsNowhere_SaysWhy(string path, FsErrno expected) => Assert.Equal(expected, (await FollowAsync(path)).Errno);

    [Fact]
    public async Task Follow_ACircle_IsSeenWhenItClosesNotAfterFortyRequests()
    {
        await FollowAsync("/links/one");
        Assert.InRange(_files.RoundTrips, 1, 6);
    }

    [Theory]
    [InlineData("/links/deep", "/a/b", false)]
    [InlineData("/links/up/b", "/a/b", false)]
    [InlineData("/links/one", null, true)]
    [InlineData("/links/one/x", null, false)]
    public async Task Open_AnAddressThroughLinks_TellsWhereItLeadsOrWhatFailed(string path, string? expected, bool isLink)
    {
        using FilesViewModel files = new(_files, Alice, TimeProvider.System);
        await files.OpenAsync(PathOf(path));
        Assert.Equal(expected, files.LeadsTo?.ToString());
        Assert.Equal(expected is null ? FilesState.Problem : FilesState.Loading, files.State);
        Assert.Equal(isLink, files.IsLink);
    }

    private Task<FsResult<(FilePath Path, ClientGateway.ResolvedPath Found)>> FollowAsync(string path) => _walk.FollowAsync(PathOf(path), TestContext.Current.CancellationToken);

    private static FilePath PathOf(string path) => new([.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(FileName.Create)]);

    private static void Put(FakeInode parent, string name, FakeInode child)
    {
        parent.Directory!.Put(FileName.Create(name), child);
        parent.Attributes = parent.Attributes with { Size = parent.Directory.Count };
    }
}
