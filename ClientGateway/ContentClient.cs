using Capstan.Shared;
namespace Capstan.ClientGateway;
internal sealed class ContentClient
{
    public Task<FsErrno> ReadAsync(SessionId session, Caller caller, InodeAddress target, long offset, long length, Stream destination, CancellationToken cancellation) => Task.FromResult(FsErrno.NotSupported);
    public Task<FsResult<InodeAttributes>> WriteAsync(SessionId session, Caller caller, InodeAddress target, Stream source, long size, CancellationToken cancellation) => Task.FromResult<FsResult<InodeAttributes>>(FsErrno.NotSupported);
}
