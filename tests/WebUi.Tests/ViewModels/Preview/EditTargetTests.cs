using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Preview;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels.Preview;

public sealed class EditTargetTests
{
    private static readonly FilePath Path = new([Name("d"), Name("notes.txt")]);

    [Theory]
    [InlineData(1000u, 1000u, 0x1A4u, true)]
    [InlineData(1000u, 1000u, 0x124u, false)]
    [InlineData(0u, 0u, 0x1A4u, false)]
    [InlineData(0u, 1000u, 0x1B0u, true)]
    [InlineData(0u, 0u, 0x1B6u, true)]
    public async Task MayWrite_FollowsOwnerGroupAndMode(uint uid, uint gid, uint mode, bool may)
    {
        (FakeFileSystem files, _, _) = await OpenAsync("notes.txt");
        EditTarget target = new(files, Alice);
        Assert.True(await target.MayWriteAsync(Path));

        PlacedEntry file = (await target.FindAsync(Path))!.Value;
        InodeAddress address = new(file.Folder, file.Entry.Name, file.Entry.Attributes.Ino);
        await files.SetAttributesAsync(Caller.Root, new SetAttrOperation(address) { Uid = uid, Gid = gid, Mode = mode }, TestContext.Current.CancellationToken);

        Assert.Equal(may, await target.MayWriteAsync(Path));
        Assert.True(await new EditTarget(files, Caller.Root).MayWriteAsync(Path));
    }

    [Fact]
    public async Task Find_WhatIsNotThere_IsNothing_AndNoMatterOfRights()
    {
        (FakeFileSystem files, _, _) = await OpenAsync("other.txt");
        EditTarget target = new(files, Alice);
        Assert.Null(await target.FindAsync(Path));
        Assert.True(await target.MayWriteAsync(Path));
    }
}
