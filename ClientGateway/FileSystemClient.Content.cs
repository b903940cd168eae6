using Capstan.Shared;

namespace Capstan.ClientGateway;

// File contents, and files that appear with theirs: calls beside the session stream.
public sealed partial class FileSystemClient
{
    public Task<FsErrno> ReadContentAsync(Caller caller, InodeAddress target, long offset, long length, Stream destination, CancellationToken cancellation = default) =>
        _content.ReadAsync(_core.Session.Id, caller, target, offset, length, destination, cancellation);

    public Task<FsResult<InodeAttributes>> WriteContentAsync(
        Caller caller, InodeAddress target, Stream source, long size, long? ifContent = null, CancellationToken cancellation = default) =>
        _content.WriteAsync(_core.Session.Id, caller, target, source, size, ifContent, cancellation);

    public async Task<FsResult<InodeAttributes>> CreateFileWithContentAsync(
        Caller caller, InodeId directory, FileName name, uint permissions, Stream source, long size, long? mtimeNs = null, CancellationToken cancellation = default)
    {
        await NameIsSettledAsync(directory, name, cancellation);
        return await _content.CreateAsync(_core.Session.Id, caller, (directory, name, permissions), source, size, mtimeNs, cancellation);
    }

    public async Task<FsResult<InodeAttributes>> CopyFileAsync(
        Caller caller, InodeAddress source, InodeId directory, FileName name, CancellationToken cancellation = default)
    {
        await NameIsSettledAsync(source.Dir, source.Name, cancellation);
        await NameIsSettledAsync(directory, name, cancellation);
        return await _content.CopyAsync(_core.Session.Id, caller, source, (directory, name), cancellation);
    }

    /// <summary>These calls are no part of the session's order: what this gateway has in flight on the name comes first.</summary>
    private async Task NameIsSettledAsync(InodeId directory, FileName name, CancellationToken cancellation)
    {
        Task? earlier;
        lock (_core.Gate)
            earlier = _core.Operations.FindPending(directory, name)?.Completion;
        if (earlier is not null)
            await earlier.WaitAsync(cancellation);
    }
}
