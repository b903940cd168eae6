using System.Collections.Concurrent;
using Capstan.Mds.Content;
using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Mds.Hosting;

// Files that appear with their content: what is sent, and what another file shows.
internal sealed partial class ContentService
{
    /// <summary>Numbers reserved in one group: a file does not wait for a commit of its own before its bytes are filed.</summary>
    private const int Reserved = 64;

    private readonly ConcurrentQueue<ContentTicket> _tickets = [];

    public override async Task<Protos.WriteContentReply> Copy(Protos.CopyContentRequest request, ServerCallContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        FsErrno errno = Decode(request.Caller, request.Source, out Caller caller, out InodeAddress source);
        FsErrno there = Decode(request.To, out NewFile file);
        errno = errno != FsErrno.Ok ? errno : there;
        OutsideCall call = new(SessionId.Parse(request.SessionId.Span), request.Token);
        ContentExtent extent = default;
        if (errno == FsErrno.Ok)
        {
            await RunAsync(
                call,
                (core, engine) => core.TryRead(call, source, () =>
                {
                    errno = engine.OpenContent(caller, source, out InodeAttributes? attributes, out extent);
                    if (errno == FsErrno.Ok && request.HasIfContent && request.IfContent != attributes!.Content)
                        errno = FsErrno.Stale;
                }),
                cancellation).ConfigureAwait(false);
        }
        if (errno != FsErrno.Ok)
            return new Protos.WriteContentReply { Errno = (int)errno };
        return await FileAsync(
            ticket =>
            {
                if (extent.Stored > 0)
                    contents.Duplicate(extent, ticket.Ino, ticket.Version);
            },
            // What it touches is what a hard link would.
            (core, ticket) => core.TryRun(
                call, (e, uses) => e.Footprint(new LinkOperation(source, file.Dir, file.Name), uses), e => e.CommitCopy(caller, source, extent, file, ticket)),
            call,
            cancellation).ConfigureAwait(false);
    }

    private async Task<Protos.WriteContentReply> CreateAsync(
        Protos.WriteContentHeader header, IAsyncStreamReader<Protos.WriteContentRequest> requestStream, CancellationToken cancellation)
    {
        FsErrno errno = AttributeMapping.TryDecode(header.Caller, out Caller caller);
        FsErrno there = Decode(header.Create, out NewFile file);
        if (errno != FsErrno.Ok || there != FsErrno.Ok || header.Target is not null || header.HasIfContent)
            return new Protos.WriteContentReply { Errno = (int)(errno != FsErrno.Ok ? errno : there != FsErrno.Ok ? there : FsErrno.Invalid) };
        using StagedContent staged = contents.Stage();
        if (!await TryReceiveAsync(requestStream, staged, header.Size, cancellation).ConfigureAwait(false))
            return new Protos.WriteContentReply { Errno = (int)FsErrno.Invalid };
        OutsideCall call = new(SessionId.Parse(header.SessionId.Span), header.Token);
        return await FileAsync(
            ticket =>
            {
                if (header.Size > 0)
                    contents.Publish(staged, ticket.Ino, ticket.Version);
            },
            (core, ticket) => core.TryRun(
                call,
                (e, uses) => e.Footprint(new CreateOperation(file.Dir, file.Name, file.Mode, Exclusive: true), uses),
                e => e.CommitNew(caller, file, ticket, header.Size, header.HasMtimeNs ? header.MtimeNs : null)),
            call,
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Files the bytes under a new number, then lets the file appear; a refusal leaves nothing.</summary>
    private async Task<Protos.WriteContentReply> FileAsync(
        Action<ContentTicket> file, Func<MdsCore, ContentTicket, OperationOutcome?> commit, OutsideCall call, CancellationToken cancellation)
    {
        ContentTicket ticket = await ReserveAsync(cancellation).ConfigureAwait(false);
        bool mayBeShown = false;
        try
        {
            file(ticket);
            // From here on the caller's cancellation no longer counts: once asked for, the commit happens or is refused.
            mayBeShown = true;
            OperationOutcome? outcome = null;
            await loop.RunInGroupAsync((core, _) => (outcome = commit(core, ticket)) is not null, CancellationToken.None).ConfigureAwait(false);
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
            if (!mayBeShown)
                contents.Delete(ticket.Ino, ticket.Version);
        }
    }

    private async Task<ContentTicket> ReserveAsync(CancellationToken cancellation)
    {
        ContentTicket ticket;
        while (!_tickets.TryDequeue(out ticket))
        {
            ContentTicket[] taken = new ContentTicket[Reserved];
            await loop.RunInGroupAsync(
                (_, engine) =>
                {
                    for (int i = 0; i < taken.Length; i++)
                        taken[i] = engine.StageNew();
                    return true;
                },
                cancellation).ConfigureAwait(false);
            foreach (ContentTicket next in taken)
                _tickets.Enqueue(next);
        }
        return ticket;
    }

    private static FsErrno Decode(Protos.NewFile? proto, out NewFile file)
    {
        file = default;
        if (proto is null || proto.Dir == 0)
            return FsErrno.Invalid;
        FsErrno errno = FileName.TryCreate(proto.Name.Span, out FileName name);
        file = new NewFile(new InodeId(proto.Dir), name, proto.Mode & InodeAttributes.PermissionMask);
        return errno;
    }
}
