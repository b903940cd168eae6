using System.Buffers;
using Capstan.Mds.Content;
using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Wire;
using Google.Protobuf;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Mds.Hosting;

/// <summary>The edge of file contents: calls of their own beside the session stream, in chunks of 128 KiB.</summary>
internal sealed partial class ContentService(MdsLoop loop, ContentStore contents) : Protos.Content.ContentBase
{
    private const int ChunkSize = 128 * 1024;

    public override async Task Read(Protos.ReadContentRequest request, IServerStreamWriter<Protos.ContentChunk> responseStream, ServerCallContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        FsErrno errno = Decode(request.Caller, request.Target, out Caller caller, out InodeAddress target);
        InodeAttributes? attributes = null;
        ContentReader? opened = null;
        if (errno == FsErrno.Ok && request.Offset < 0)
            errno = FsErrno.Invalid;
        if (errno == FsErrno.Ok)
        {
            // Opened in the loop: what the name shows cannot be purged before it is open.
            OutsideCall call = new(SessionId.Parse(request.SessionId.Span));
            await RunAsync(
                call,
                (core, engine) => core.TryRead(call, target, () =>
                {
                    errno = engine.OpenContent(caller, target, out attributes, out ContentExtent extent);
                    if (errno == FsErrno.Ok)
                        errno = TryOpen(extent, ref opened);
                }),
                cancellation).ConfigureAwait(false);
        }
        if (errno != FsErrno.Ok)
        {
            await responseStream.WriteAsync(new Protos.ContentChunk { Errno = (int)errno }, cancellation).ConfigureAwait(false);
            return;
        }
        using ContentReader reader = opened!;
        await responseStream.WriteAsync(new Protos.ContentChunk { Attributes = attributes!.ToProto() }, cancellation).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long end = request.Length < 0 ? long.MaxValue : request.Length > long.MaxValue - request.Offset ? long.MaxValue : request.Offset + request.Length;
            for (long offset = request.Offset; offset < end;)
            {
                int read = await reader.ReadAsync(offset, buffer.AsMemory(0, (int)Math.Min(ChunkSize, end - offset)), cancellation).ConfigureAwait(false);
                if (read == 0)
                    return;
                await responseStream.WriteAsync(new Protos.ContentChunk { Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)) }, cancellation).ConfigureAwait(false);
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override async Task<Protos.WriteContentReply> Write(IAsyncStreamReader<Protos.WriteContentRequest> requestStream, ServerCallContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        if (!await requestStream.MoveNext(cancellation).ConfigureAwait(false) || requestStream.Current.Header is not { } header)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The first message carries the header."));
        if (header.Create is not null)
            return await CreateAsync(header, requestStream, cancellation).ConfigureAwait(false);
        FsErrno errno = Decode(header.Caller, header.Target, out Caller caller, out InodeAddress target);
        OutsideCall call = new(SessionId.Parse(header.SessionId.Span), header.Token);
        long? ifContent = header.HasIfContent ? header.IfContent : null;
        ContentTicket ticket = default;
        if (errno == FsErrno.Ok)
        {
            // From here to the release nothing is left halfway because the caller has gone: what the loop was given, it will do.
            await loop.RunInGroupAsync(
                (core, engine) => ticket != default || core.TryRead(call, target, () => errno = engine.StageContent(caller, target, ifContent, out ticket)),
                CancellationToken.None).ConfigureAwait(false);
        }
        if (errno != FsErrno.Ok)
        {
            await call.MayTell.WaitAsync(cancellation).ConfigureAwait(false);
            return new Protos.WriteContentReply { Errno = (int)errno };
        }
        bool mayBeShown = false;
        try
        {
            using StagedContent staged = contents.Stage();
            if (!await TryReceiveAsync(requestStream, staged, header.Size, cancellation).ConfigureAwait(false))
                return new Protos.WriteContentReply { Errno = (int)FsErrno.Invalid };
            if (header.Size > 0) // An empty content needs no file.
                contents.Publish(staged, ticket.Ino, ticket.Version);

            // From here on the caller's cancellation no longer counts: once asked for, the commit happens or is refused.
            mayBeShown = true;
            OperationOutcome? outcome = null;
            await loop.RunInGroupAsync(
                (core, _) => (outcome = core.TryRun(call, (e, uses) => e.Footprint(target, write: true, uses), e => e.CommitContent(caller, target, ticket, header.Size, header.HasMtimeNs ? header.MtimeNs : null, ifContent))) is not null,
                CancellationToken.None).ConfigureAwait(false);
            mayBeShown = outcome!.IsOk;
            await call.MayTell.WaitAsync(cancellation).ConfigureAwait(false);
            return ToReply(outcome);
        }
        catch (StoreException e)
        {
            mayBeShown = false; // The group was undone.
            return new Protos.WriteContentReply { Errno = (int)e.Errno };
        }
        finally
        {
            // A file that might be shown stays: at worst it is an orphan that check finds.
            if (!mayBeShown)
                contents.Delete(ticket.Ino, ticket.Version);
            await loop.RunInGroupAsync(
                (_, engine) =>
                {
                    engine.ReleaseContent(ticket);
                    return true;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Runs it in the loop, and waits until what it tells may be told.</summary>
    private async Task RunAsync(OutsideCall call, Func<MdsCore, NamespaceEngine, bool> run, CancellationToken cancellation)
    {
        await loop.RunInGroupAsync(run, cancellation).ConfigureAwait(false);
        await call.MayTell.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>False when it is not as long as announced: nothing has changed.</summary>
    private static async Task<bool> TryReceiveAsync(IAsyncStreamReader<Protos.WriteContentRequest> requestStream, StagedContent staged, long size, CancellationToken cancellation)
    {
        do
        {
            await staged.WriteAsync(requestStream.Current.Data.Memory, cancellation).ConfigureAwait(false);
            if (staged.Length > size)
                return false;
        }
        while (await requestStream.MoveNext(cancellation).ConfigureAwait(false));
        return staged.Length == size;
    }

    private static Protos.WriteContentReply ToReply(OperationOutcome outcome) => outcome.IsOk
        ? new Protos.WriteContentReply { Attributes = outcome.Attributes[0].ToProto() }
        : new Protos.WriteContentReply { Errno = (int)outcome.Errno };

    /// <summary>A content file that is damaged is one file's trouble, and no refusal of the store: the group goes on.</summary>
    private FsErrno TryOpen(ContentExtent extent, ref ContentReader? opened)
    {
        try
        {
            opened ??= contents.Open(extent);
            return FsErrno.Ok;
        }
        catch (StoreException e)
        {
            return e.Errno;
        }
    }

    private static FsErrno Decode(Protos.Caller? by, Protos.Address? address, out Caller caller, out InodeAddress target)
    {
        FsErrno errno = AttributeMapping.TryDecode(by, out caller);
        FsErrno there = AttributeMapping.TryDecode(address, out target);
        return errno != FsErrno.Ok ? errno : there;
    }
}
