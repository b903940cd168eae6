using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Integration.Tests;

/// <summary>A tree under the root: directories d0 ... in directories, each with its files, and now and then a symlink.</summary>
internal static class TreeWork
{
    public const int Directories = 300;
    public const int FilesEach = 12;

    /// <summary>All of it, with the tree itself.</summary>
    public const int Entries = 1 + Directories + (Directories * (FilesEach + 1));

    public static async Task<InodeAddress> MakeAsync(IFileSystemClient client, string name)
    {
        InodeId root = (await client.MakeDirectory(Caller.Root, InodeId.Root, name.Name(), 0x1FF).Ok()).Ino;
        List<InodeId> made = [root];
        for (int i = 0; i < Directories; i++)
            made.Add((await client.MakeDirectory(Caller.Root, made[i / 5], $"d{i % 5}".Name(), 0x1FF).Ok()).Ino);
        List<PendingOperation> contents = [];
        foreach (InodeId directory in made.Skip(1))
        {
            for (int i = 0; i < FilesEach; i++)
                contents.Add(client.CreateFile(Caller.Root, directory, $"file-{i}".Name(), 0x1A4));
            contents.Add(client.MakeSymlink(Caller.Root, directory, "link".Name(), "/"u8.ToArray()));
        }
        foreach (PendingOperation operation in contents)
            await operation.Ok();
        return new InodeAddress(InodeId.Root, name.Name(), root);
    }
}
