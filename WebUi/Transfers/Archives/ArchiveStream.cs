using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Archives;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>
/// Packs a selection into a stream. Small files are asked for ahead, several at a time, so that a far-away store does not cost a round trip
/// each; at most <see cref="Ahead"/> times <see cref="SmallFile"/> bytes are held. What cannot be read is told in the archive's last file; what
/// breaks in the middle of a file breaks the stream.
/// </summary>
internal sealed class ArchiveStream(IFileSystemClient client, ArchiveTicket ticket, TimeProvider time)
{
    private const int Ahead = 16;
    private const int SmallFile = 64 * 1024;

    private readonly ArchiveReport _report = new();

    private sealed record Ready(ArchiveItem Item, Task<FsResult<byte[]>>? Content);

    public async Task WriteAsync(Stream destination, CancellationToken cancellation)
    {
        using ZipWriter zip = new(destination);
        Queue<Ready> queue = new();
        ArchiveWalk walk = new(client, ticket.Caller);
        await foreach (ArchiveItem item in walk.EntriesAsync(ticket.Roots, cancellation))
        {
            if (queue.Count >= Ahead)
                await PackAsync(zip, queue.Dequeue(), cancellation);
            queue.Enqueue(new Ready(item, Prefetch(item, cancellation)));
        }
        while (queue.TryDequeue(out Ready? ready))
            await PackAsync(zip, ready, cancellation);
        if (!_report.IsEmpty)
        {
            byte[] report = _report.ToBytes();
            long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
            await zip.AddAsync(new ZipEntry(ArchiveReport.NameBeside(ticket.Roots), InodeAttributes.ModeOf(FileKind.File, 0x1A4), now, report.Length), report, cancellation);
        }
        await zip.FinishAsync(cancellation);
    }

    private Task<FsResult<byte[]>>? Prefetch(ArchiveItem item, CancellationToken cancellation) => (item.Errno, item.Attributes) switch
    {
        (not FsErrno.Ok, _) => null,
        (_, { Kind: FileKind.Symlink }) => client.ReadLinkAsync(ticket.Caller, item.Address, cancellation),
        (_, { Kind: FileKind.File, Size: <= SmallFile }) => ReadAsync(item, cancellation),
        _ => null,
    };

    private async Task<FsResult<byte[]>> ReadAsync(ArchiveItem item, CancellationToken cancellation)
    {
        using MemoryStream content = new((int)item.Attributes.Size);
        FsErrno errno = await client.ReadContentAsync(ticket.Caller, item.Address, 0, item.Attributes.Size, content, cancellation);
        return errno == FsErrno.Ok ? content.ToArray() : errno;
    }

    private async Task PackAsync(ZipWriter zip, Ready ready, CancellationToken cancellation)
    {
        ArchiveItem item = ready.Item;
        FsErrno errno = item.Errno;
        if (errno != FsErrno.Ok)
            errno = item.Errno;
        else if (item.Path.Length >= ushort.MaxValue)
            errno = FsErrno.NameTooLong;
        else if (item.Attributes.Kind == FileKind.Symlink)
            errno = await PackLinkAsync(zip, item, await ready.Content!, cancellation);
        else if (item.Attributes.Kind == FileKind.File)
            errno = await PackFileAsync(zip, item, ready.Content, cancellation);
        else
            await zip.AddAsync(item.Entry, ReadOnlyMemory<byte>.Empty, cancellation);
        if (errno != FsErrno.Ok)
            _report.Add(item.Path, ErrorText.Of(errno).Title);
    }

    private static async Task<FsErrno> PackLinkAsync(ZipWriter zip, ArchiveItem item, FsResult<byte[]> target, CancellationToken cancellation)
    {
        if (target.IsOk)
            await zip.AddAsync(item.Entry, target.Value, cancellation);
        return target.Errno;
    }

    private async Task<FsErrno> PackFileAsync(ZipWriter zip, ArchiveItem item, Task<FsResult<byte[]>>? ahead, CancellationToken cancellation)
    {
        if (ahead is null)
            return await zip.AddAsync(item.Entry, into => client.ReadContentAsync(ticket.Caller, item.Address, 0, item.Attributes.Size, into, cancellation), cancellation);
        FsResult<byte[]> content = await ahead;
        if (!content.IsOk)
            return content.Errno;
        if (content.Value.Length == 0)
        {
            await zip.AddAsync(item.Entry, ReadOnlyMemory<byte>.Empty, cancellation);
            return FsErrno.Ok;
        }
        return await zip.AddAsync(item.Entry, async into =>
        {
            await into.WriteAsync(content.Value, cancellation);
            return FsErrno.Ok;
        }, cancellation);
    }
}
