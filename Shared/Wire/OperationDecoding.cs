using Capstan.Shared.Messages;
using Google.Protobuf;
using Op = Capstan.Shared.Protos.Request.OpOneofCase;

namespace Capstan.Shared.Wire;

/// <summary>
/// The body of a request into our operation. A field that breaks the rules makes a <see cref="MalformedOperation"/> with the
/// first errno met: the request has a tid, so it gets an answer.
/// </summary>
internal static class OperationDecoding
{
    /// <summary>A path of PATH_MAX bytes has no more.</summary>
    private const int MaxLookupNames = 2048;

    private const int MaxSymlinkTarget = 4095;
    private const int MaxXattrName = 255;
    private const int MaxXattrValue = 64 * 1024;

    public static Request Decode(Protos.Request proto, ref CallerMemory callers)
    {
        FsErrno errno = callers.TryDecode(proto.Caller, out Caller caller);
        FsOperation operation = errno == FsErrno.Ok ? DecodeBody(proto) : new MalformedOperation(errno);
        return new Request(WireField.Tid(proto.Tid), WireField.NotNegative(proto.OldestTid, "Oldest tid"), proto.Retry, caller, operation)
        {
            Trace = TraceMapping.Decode(proto.Trace),
        };
    }

    private static FsOperation DecodeBody(Protos.Request proto)
    {
        FsErrno e = FsErrno.Ok;
        FsOperation operation = proto.OpCase switch
        {
            Op.Lookup => new LookupOperation(Ino(proto.Lookup.Dir), Names(proto.Lookup.Names, ref e), Caps(proto.Lookup.Want, ref e)),
            Op.GetAttr => new GetAttrOperation(Address(proto.GetAttr.Target, ref e)),
            Op.SetAttr => SetAttr(proto.SetAttr, ref e),
            Op.Readdir => Readdir(proto.Readdir, ref e),
            Op.Create => new CreateOperation(Ino(proto.Create.Dir), Name(proto.Create.Name, ref e), Mode(proto.Create.Mode, ref e), proto.Create.Exclusive),
            Op.Mkdir => new MkdirOperation(Ino(proto.Mkdir.Dir), Name(proto.Mkdir.Name, ref e), Mode(proto.Mkdir.Mode, ref e)),
            Op.Symlink => new SymlinkOperation(Ino(proto.Symlink.Dir), Name(proto.Symlink.Name, ref e), SymlinkTarget(proto.Symlink.Target, ref e)),
            Op.Link => new LinkOperation(Address(proto.Link.Source, ref e), Ino(proto.Link.Dir), Name(proto.Link.Name, ref e)),
            Op.Unlink => proto.Unlink.Trash
                ? new TrashOperation(Ino(proto.Unlink.Dir), Name(proto.Unlink.Name, ref e), Ino(proto.Unlink.Ino))
                : new UnlinkOperation(Ino(proto.Unlink.Dir), Name(proto.Unlink.Name, ref e), Ino(proto.Unlink.Ino)),
            Op.Restore => new RestoreOperation(Trash(proto.Restore.Id, ref e), Ino(proto.Restore.Dir), Name(proto.Restore.Name, ref e)),
            Op.Purge => new PurgeOperation(Trash(proto.Purge.Id, ref e)),
            Op.PurgeTrash => new PurgeTrashOperation(NotNegative(proto.PurgeTrash.BeforeNs, ref e), proto.PurgeTrash.Everybody),
            Op.ListTrash => new ListTrashOperation(
                proto.ListTrash.After is { } after ? Trash(after, ref e) : null,
                (int)Math.Min(NotNegative(proto.ListTrash.Count, ref e), ListTrashOperation.MaxCount),
                proto.ListTrash.Everybody),
            Op.Rmdir => new RmdirOperation(Ino(proto.Rmdir.Dir), Name(proto.Rmdir.Name, ref e), Ino(proto.Rmdir.Ino)),
            Op.Rename => new RenameOperation(Address(proto.Rename.Source, ref e), Ino(proto.Rename.Dir), Name(proto.Rename.Name, ref e), proto.Rename.NoReplace),
            Op.Readlink => new ReadlinkOperation(Address(proto.Readlink.Target, ref e)),
            Op.GetXattr => new GetXattrOperation(Address(proto.GetXattr.Target, ref e), XattrName(proto.GetXattr.Name, ref e)),
            Op.SetXattr => SetXattr(proto.SetXattr, ref e),
            Op.ListXattr => new ListXattrOperation(Address(proto.ListXattr.Target, ref e)),
            Op.RemoveXattr => new RemoveXattrOperation(Address(proto.RemoveXattr.Target, ref e), XattrName(proto.RemoveXattr.Name, ref e)),
            Op.StatFs => new StatFsOperation(),
            Op.Settle => new SettleOperation(Ino(proto.Settle.Dir)),
            // An operation of a later protocol, or none at all.
            _ => new MalformedOperation(FsErrno.NotSupported),
        };
        return e == FsErrno.Ok ? operation : new MalformedOperation(e);
    }

    private static SetAttrOperation SetAttr(Protos.SetAttrOp op, ref FsErrno e) => new(Address(op.Target, ref e))
    {
        Mode = op.HasMode ? Mode(op.Mode, ref e) : null,
        Uid = op.HasUid ? op.Uid : null,
        Gid = op.HasGid ? op.Gid : null,
        Size = op.HasSize ? NotNegative(op.Size, ref e) : null,
        MtimeNs = op.HasMtimeNs ? op.MtimeNs : null,
        AtimeNs = op.HasAtimeNs ? op.AtimeNs : null,
    };

    private static ReaddirOperation Readdir(Protos.ReaddirOp op, ref FsErrno e) => new(Ino(op.Dir))
    {
        After = op.After.IsEmpty ? default : Name(op.After, ref e),
        Rank = op.ByRank ? NotNegative(op.Rank, ref e) : null,
        Credits = (int)NotNegative(op.Credits, ref e),
        Waited = (int)NotNegative(op.Waited, ref e),
        Want = Caps(op.Want, ref e),
        IfVersion = op.HasIfVersion ? new DirectoryVersion(NotNegative(op.IfVersion, ref e)) : null,
    };

    private static SetXattrOperation SetXattr(Protos.SetXattrOp op, ref FsErrno e)
    {
        if (op.Mode > (uint)XattrMode.Replace)
            Fail(ref e, FsErrno.Invalid);
        if (op.Value.Length > MaxXattrValue)
            Fail(ref e, FsErrno.Range);
        return new SetXattrOperation(Address(op.Target, ref e), XattrName(op.Name, ref e), WireField.TakeBytes(op.Value), (XattrMode)op.Mode);
    }

    private static TrashId Trash(Protos.TrashId? id, ref FsErrno e)
    {
        if (id is { Ino: not 0, RemovedNs: >= 0 })
            return TrashMapping.Decode(id);
        Fail(ref e, FsErrno.Invalid);
        return default;
    }

    private static InodeId Ino(ulong value) => new(value);

    private static FileName Name(ByteString bytes, ref FsErrno e)
    {
        Fail(ref e, FileName.TryCreate(bytes.Span, out FileName name));
        return name;
    }

    private static FileName[] Names(IReadOnlyList<ByteString> names, ref FsErrno e)
    {
        if (names.Count > MaxLookupNames)
        {
            Fail(ref e, FsErrno.NameTooLong);
            return [];
        }
        FileName[] result = new FileName[names.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = Name(names[i], ref e);
        return result;
    }

    private static InodeAddress Address(Protos.Address? proto, ref FsErrno e)
    {
        Fail(ref e, AttributeMapping.TryDecode(proto, out InodeAddress address));
        return address;
    }

    public static uint Mode(uint mode, ref FsErrno e)
    {
        if ((mode & ~InodeAttributes.PermissionMask) != 0)
            Fail(ref e, FsErrno.Invalid);
        return mode;
    }

    private static long NotNegative(long value, ref FsErrno e)
    {
        if (value < 0)
            Fail(ref e, FsErrno.Invalid);
        return value;
    }

    private static CapBits Caps(uint bits, ref FsErrno e)
    {
        if (!WireField.AreCaps(bits))
            Fail(ref e, FsErrno.Invalid);
        return (CapBits)bits;
    }

    private static byte[] SymlinkTarget(ByteString target, ref FsErrno e)
    {
        if (target.IsEmpty)
            Fail(ref e, FsErrno.NoEntry);
        else if (target.Length > MaxSymlinkTarget)
            Fail(ref e, FsErrno.NameTooLong);
        else if (target.Span.Contains((byte)0))
            Fail(ref e, FsErrno.Invalid);
        return WireField.TakeBytes(target);
    }

    private static byte[] XattrName(ByteString name, ref FsErrno e)
    {
        if (name.Length is 0 or > MaxXattrName)
            Fail(ref e, FsErrno.Range);
        else if (name.Span.Contains((byte)0))
            Fail(ref e, FsErrno.Invalid);
        return WireField.TakeBytes(name);
    }

    /// <summary>The first failure counts.</summary>
    private static void Fail(ref FsErrno e, FsErrno errno)
    {
        if (e == FsErrno.Ok)
            e = errno;
    }
}
