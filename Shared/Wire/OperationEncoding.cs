using Capstan.Shared.Messages;

namespace Capstan.Shared.Wire;

/// <summary>Our operations into the body of a request on the wire.</summary>
internal static class OperationEncoding
{
    public static Protos.Request ToProto(Request request, Protos.Caller caller)
    {
        Protos.Request proto = new() { Tid = request.Tid, OldestTid = request.OldestTid, Retry = request.Retry, Caller = caller, Trace = TraceMapping.ToProto(request.Trace) };
        SetBody(proto, request.Operation);
        return proto;
    }

    private static void SetBody(Protos.Request proto, FsOperation operation)
    {
        switch (operation)
        {
            case LookupOperation op:
                proto.Lookup = new Protos.LookupOp { Dir = op.Dir.Value, Want = (uint)op.Want };
                foreach (FileName name in op.Names)
                    proto.Lookup.Names.Add(name.ToProto());
                break;
            case GetAttrOperation op:
                proto.GetAttr = new Protos.GetAttrOp { Target = op.Target.ToProto() };
                break;
            case SetAttrOperation op:
                proto.SetAttr = ToProto(op);
                break;
            case ReaddirOperation op:
                proto.Readdir = ToProto(op);
                break;
            case CreateOperation op:
                proto.Create = new Protos.CreateOp { Dir = op.Dir.Value, Name = op.Name.ToProto(), Mode = op.Mode, Exclusive = op.Exclusive };
                break;
            case MkdirOperation op:
                proto.Mkdir = new Protos.MkdirOp { Dir = op.Dir.Value, Name = op.Name.ToProto(), Mode = op.Mode };
                break;
            case SymlinkOperation op:
                proto.Symlink = new Protos.SymlinkOp { Dir = op.Dir.Value, Name = op.Name.ToProto(), Target = WireField.Wrap(op.Target) };
                break;
            case LinkOperation op:
                proto.Link = new Protos.LinkOp { Source = op.Source.ToProto(), Dir = op.Dir.Value, Name = op.Name.ToProto() };
                break;
            case UnlinkOperation op:
                proto.Unlink = new Protos.UnlinkOp { Dir = op.Dir.Value, Name = op.Name.ToProto(), Ino = op.Ino.Value };
                break;
            case TrashOperation op:
                proto.Unlink = new Protos.UnlinkOp { Dir = op.Dir.Value, Name = op.Name.ToProto(), Ino = op.Ino.Value, Trash = true };
                break;
            case RestoreOperation op:
                proto.Restore = new Protos.RestoreOp { Id = TrashMapping.ToProto(op.Id), Dir = op.Dir.Value, Name = op.Name.ToProto() };
                break;
            case PurgeOperation op:
                proto.Purge = new Protos.PurgeOp { Id = TrashMapping.ToProto(op.Id) };
                break;
            case PurgeTrashOperation op:
                proto.PurgeTrash = new Protos.PurgeTrashOp { BeforeNs = op.BeforeNs, Everybody = op.Everybody };
                break;
            case ListTrashOperation op:
                proto.ListTrash = new Protos.ListTrashOp { After = op.After is { } after ? TrashMapping.ToProto(after) : null, Count = op.Count, Everybody = op.Everybody };
                break;
            case RmdirOperation op:
                proto.Rmdir = new Protos.RmdirOp { Dir = op.Dir.Value, Name = op.Name.ToProto(), Ino = op.Ino.Value };
                break;
            case RenameOperation op:
                proto.Rename = new Protos.RenameOp { Source = op.Source.ToProto(), Dir = op.Dir.Value, Name = op.Name.ToProto(), NoReplace = op.NoReplace };
                break;
            case ReadlinkOperation op:
                proto.Readlink = new Protos.ReadlinkOp { Target = op.Target.ToProto() };
                break;
            case GetXattrOperation op:
                proto.GetXattr = new Protos.GetXattrOp { Target = op.Target.ToProto(), Name = WireField.Wrap(op.Name) };
                break;
            case SetXattrOperation op:
                proto.SetXattr = new Protos.SetXattrOp { Target = op.Target.ToProto(), Name = WireField.Wrap(op.Name), Value = WireField.Wrap(op.Value), Mode = (uint)op.Mode };
                break;
            case ListXattrOperation op:
                proto.ListXattr = new Protos.ListXattrOp { Target = op.Target.ToProto() };
                break;
            case RemoveXattrOperation op:
                proto.RemoveXattr = new Protos.RemoveXattrOp { Target = op.Target.ToProto(), Name = WireField.Wrap(op.Name) };
                break;
            case SettleOperation op:
                proto.Settle = new Protos.SettleOp { Dir = op.Dir.Value };
                break;
            case StatFsOperation:
                proto.StatFs = new Protos.StatFsOp();
                break;
            default:
                throw new ArgumentException($"{operation.GetType().Name} does not cross the wire.", nameof(operation));
        }
    }

    private static Protos.SetAttrOp ToProto(SetAttrOperation op)
    {
        Protos.SetAttrOp proto = new() { Target = op.Target.ToProto() };
        if (op.Mode is uint mode)
            proto.Mode = mode;
        if (op.Uid is uint uid)
            proto.Uid = uid;
        if (op.Gid is uint gid)
            proto.Gid = gid;
        if (op.Size is long size)
            proto.Size = size;
        if (op.MtimeNs is long mtime)
            proto.MtimeNs = mtime;
        if (op.AtimeNs is long atime)
            proto.AtimeNs = atime;
        return proto;
    }

    private static Protos.ReaddirOp ToProto(ReaddirOperation op)
    {
        Protos.ReaddirOp proto = new()
        {
            Dir = op.Dir.Value,
            After = op.After.ToProto(),
            ByRank = op.Rank is not null,
            Rank = op.Rank.GetValueOrDefault(),
            Credits = op.Credits,
            Waited = op.Waited,
            Want = (uint)op.Want,
        };
        if (op.IfVersion is DirectoryVersion version)
            proto.IfVersion = version.Value;
        return proto;
    }
}
