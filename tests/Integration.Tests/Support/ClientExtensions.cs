using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>What the tests say to the file system, in short.</summary>
internal static class ClientExtensions
{
    public static Task<T> Soon<T>(
        this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "", [CallerMemberName] string who = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Eventually.OfAsync(task, what, null, who, file, line);

    public static Task Soon(
        this Task task, [CallerArgumentExpression(nameof(task))] string what = "", [CallerMemberName] string who = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Eventually.OfAsync(task, what, null, who, file, line);

    public static T Ok<T>(this FsResult<T> result)
    {
        Assert.Equal(FsErrno.Ok, result.Errno);
        return result.Value!;
    }

    public static async Task<InodeAttributes> Ok(this PendingOperation operation)
    {
        Assert.Equal(FsErrno.Ok, await operation.ErrnoAsync());
        return (await operation.Completion).Value!;
    }

    public static async Task<FsErrno> ErrnoAsync(this PendingOperation operation) =>
        (await operation.Completion.Soon($"the end of {operation.Kind} {operation.Name}")).Errno;

    public static FileName Name(this string text) => FileName.Create(Encoding.UTF8.GetBytes(text));

    public static FileName[] Path(this string path) => [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Name)];

    /// <summary>Makes a directory of files file-00000 ... under the root and returns its number.</summary>
    public static async Task<InodeId> FillAsync(this IFileSystemClient client, string directory, int files)
    {
        InodeAttributes made = await client.MakeDirectory(Caller.Root, InodeId.Root, directory.Name(), 0x1FF).Ok();
        PendingOperation[] creates = [.. Enumerable.Range(0, files).Select(i => client.CreateFile(Caller.Root, made.Ino, $"file-{i:D5}".Name(), 0x1A4))];
        foreach (PendingOperation create in creates)
            await create.Ok();
        return made.Ino;
    }

    public static async Task<List<DirectoryRow>> ListAsync(this IDirectoryView view) => [.. (await view.ReadAsync(0, (int)view.Count).Soon()).Ok()];

    /// <summary>Opens the directory, lists it whole and closes it again.</summary>
    public static async Task<List<DirectoryRow>> ListAsync(this IFileSystemClient client, InodeId directory)
    {
        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, directory).Soon()).Ok();
        return await view.ListAsync();
    }

    public static IEnumerable<string> Names(this IEnumerable<DirectoryRow> rows) => rows.Select(r => r.Entry.Name.ToString());

    /// <summary>Makes a file with this content in a directory.</summary>
    public static async Task<InodeAddress> WriteFileAsync(this IFileSystemClient client, InodeId directory, string name, byte[] content)
    {
        InodeAttributes file = await client.CreateFile(Caller.Root, directory, name.Name(), 0x1A4).Ok();
        InodeAddress address = new(directory, name.Name(), file.Ino);
        Assert.Equal(content.Length, (await client.WriteContentAsync(Caller.Root, address, new MemoryStream(content), content.Length).Soon()).Ok().Size);
        return address;
    }

    public static async Task<byte[]> ReadFileAsync(this IFileSystemClient client, InodeAddress address, long offset = 0, long length = -1)
    {
        MemoryStream read = new();
        Assert.Equal(FsErrno.Ok, await client.ReadContentAsync(Caller.Root, address, offset, length, read).Soon());
        return read.ToArray();
    }

    /// <summary>Lists the directory until the gateway holds it for itself: on a machine that stalls, a short lease runs out and takes the caps with it.</summary>
    public static async Task HoldAsync(this IFileSystemClient client, InodeId directory)
    {
        long begin = Stopwatch.GetTimestamp();
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Eventually.DefaultTimeout, $"only {client.Caps(directory)}, in a session that is {client.Snapshot().Session.State}");
            await client.ListAsync(directory);
        }
        while (client.Caps(directory) != CapBits.All);
    }

    /// <summary>Requests for something to show: not those that ask whether what is shown is known to the other holders.</summary>
    public static long Asked(this IFileSystemClient client) => client.Snapshot() is var s ? s.Requests - s.ReadsSettled : 0;

    /// <summary>What the gateway holds on a directory now.</summary>
    public static CapBits Caps(this IFileSystemClient client, InodeId directory) =>
        client.Snapshot().Directories.FirstOrDefault(d => d.Ino == directory)?.Caps ?? CapBits.None;
}
