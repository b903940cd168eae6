using System.Buffers;
using Capstan.Shared;
using Capstan.Shared.Wire;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Protos = Capstan.Shared.Protos;

namespace Capstan.ClientGateway;

/// <summary>File contents: calls of their own on the same channel, streamed in chunks, never held whole in memory.</summary>
internal sealed class ContentClient(GrpcChannel channel)
{
    private const int ChunkSize = 128 * 1024;

    private readonly Protos.Content.ContentClient _client = new(channel);

    public async Task<FsErrno> ReadAsync(SessionId session, Caller caller, InodeAddress target, long offset, long length, Stream destination, CancellationToken cancellation)
    {
        Protos.ReadContentRequest request = new()
        {
            SessionId = ByteString.CopyFrom(session.ToBytes()),
            Caller = caller.ToProto(),
            Target = target.ToProto(),
            Offset = offset,
            Length = length,
        };
        try
        {
            using AsyncServerStreamingCall<Protos.ContentChunk> call = _client.Read(request, cancellationToken: cancellation);
            while (await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false))
            {
                Protos.ContentChunk chunk = call.ResponseStream.Current;
                if (chunk.Errno != 0)
                    return (FsErrno)chunk.Errno;
                await destination.WriteAsync(chunk.Data.Memory, cancellation).ConfigureAwait(false);
            }
            return FsErrno.Ok;
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            return ErrnoOf(e);
        }
    }

    public Task<FsResult<InodeAttributes>> WriteAsync(
        SessionId session, Caller caller, InodeAddress target, Stream source, long size, long? ifContent, long token, CancellationToken cancellation)
    {
        Protos.WriteContentHeader header = new() { Target = target.ToProto(), Size = size, Token = token };
        if (ifContent is { } expected)
            header.IfContent = expected;
        return WriteAsync(session, caller, header, source, cancellation);
    }

    public Task<FsResult<InodeAttributes>> CreateAsync(
        SessionId session, Caller caller, (InodeId Dir, FileName Name, uint Permissions) file, Stream source, long size, long? mtimeNs, long token, CancellationToken cancellation)
    {
        Protos.WriteContentHeader header = new() { Create = NewFile(file.Dir, file.Name), Size = size, Token = token };
        header.Create.Mode = file.Permissions;
        if (mtimeNs is { } mtime)
            header.MtimeNs = mtime;
        return WriteAsync(session, caller, header, source, cancellation);
    }

    /// <param name="header">All but who asks.</param>
    private async Task<FsResult<InodeAttributes>> WriteAsync(SessionId session, Caller caller, Protos.WriteContentHeader header, Stream source, CancellationToken cancellation)
    {
        header.SessionId = ByteString.CopyFrom(session.ToBytes());
        header.Caller = caller.ToProto();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            using AsyncClientStreamingCall<Protos.WriteContentRequest, Protos.WriteContentReply> call = _client.Write(cancellationToken: cancellation);
            Protos.WriteContentRequest next = new() { Header = header };
            bool isWanted;
            while ((isWanted = await TryWriteAsync(call.RequestStream, next, cancellation).ConfigureAwait(false))
                && await source.ReadAsync(buffer.AsMemory(0, ChunkSize), cancellation).ConfigureAwait(false) is var read and > 0)
            {
                next = new Protos.WriteContentRequest { Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)) };
            }
            if (isWanted)
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            return ToResult(await call.ResponseAsync.ConfigureAwait(false));
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            return ErrnoOf(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async Task<FsResult<InodeAttributes>> CopyAsync(SessionId session, Caller caller, InodeAddress source, (InodeId Dir, FileName Name) to, long token, CancellationToken cancellation)
    {
        Protos.CopyContentRequest request = new()
        {
            SessionId = ByteString.CopyFrom(session.ToBytes()),
            Caller = caller.ToProto(),
            Source = source.ToProto(),
            To = NewFile(to.Dir, to.Name),
            Token = token,
        };
        try
        {
            return ToResult(await _client.CopyAsync(request, cancellationToken: cancellation).ResponseAsync.ConfigureAwait(false));
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            return ErrnoOf(e);
        }
    }

    private static Protos.NewFile NewFile(InodeId directory, FileName name) => new() { Dir = directory.Value, Name = ByteString.CopyFrom(name.Span) };

    private static FsResult<InodeAttributes> ToResult(Protos.WriteContentReply reply) =>
        reply.Errno != 0 ? (FsErrno)reply.Errno : reply.Attributes.ToAttributes();

    /// <summary>False when the MDS takes no more: it has answered already, and the answer says why.</summary>
    private static async Task<bool> TryWriteAsync(IClientStreamWriter<Protos.WriteContentRequest> stream, Protos.WriteContentRequest message, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(message, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static FsErrno ErrnoOf(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable => FsErrno.NotConnected,
        // A status that the transport made up: nobody has answered.
        StatusCode.Internal or StatusCode.Unknown when e.Status.DebugException is not null => FsErrno.NotConnected,
        StatusCode.DeadlineExceeded => FsErrno.TimedOut,
        StatusCode.InvalidArgument => FsErrno.Invalid,
        _ => FsErrno.Io,
    };
}
