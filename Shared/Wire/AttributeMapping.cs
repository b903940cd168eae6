using Google.Protobuf;

namespace Capstan.Shared.Wire;

/// <summary>Attributes, addresses and callers: what the session and the content calls have in common.</summary>
public static class AttributeMapping
{
    /// <summary>As many supplementary groups as Linux allows.</summary>
    private const int MaxGroups = 65536;

    private static readonly Caller Nobody = new(65534, 65534, []);

    public static Protos.Attributes ToProto(this InodeAttributes attributes) => new()
    {
        Ino = attributes.Ino.Value,
        Mode = attributes.Mode,
        Uid = attributes.Uid,
        Gid = attributes.Gid,
        Nlink = attributes.Nlink,
        Size = attributes.Size,
        MtimeNs = attributes.MtimeNs,
        CtimeNs = attributes.CtimeNs,
        AtimeNs = attributes.AtimeNs,
        Xattrs = attributes.Xattrs,
        Content = attributes.Content,
    };

    public static InodeAttributes ToAttributes(this Protos.Attributes proto) => new()
    {
        Ino = new InodeId(proto.Ino),
        Mode = proto.Mode,
        Uid = proto.Uid,
        Gid = proto.Gid,
        Nlink = proto.Nlink,
        Size = WireField.NotNegative(proto.Size, "Size"),
        MtimeNs = proto.MtimeNs,
        CtimeNs = proto.CtimeNs,
        AtimeNs = proto.AtimeNs,
        Xattrs = proto.Xattrs,
        Content = WireField.NotNegative(proto.Content, "Content version"),
    };

    public static Protos.Address ToProto(this InodeAddress address) => new()
    {
        Dir = address.Dir.Value,
        Name = address.Name.ToProto(),
        Ino = address.Ino.Value,
    };

    /// <summary>Either a directory and a name, or an inode number alone.</summary>
    public static FsErrno TryDecode(Protos.Address? proto, out InodeAddress address)
    {
        address = default;
        if (proto is null)
            return FsErrno.Invalid;
        if (proto.Dir == 0 && proto.Name.IsEmpty)
        {
            address = InodeAddress.ByNumber(new InodeId(proto.Ino));
            return proto.Ino == 0 ? FsErrno.Invalid : FsErrno.Ok;
        }
        FsErrno errno = FileName.TryCreate(proto.Name.Span, out FileName name);
        address = new InodeAddress(new InodeId(proto.Dir), name, new InodeId(proto.Ino));
        return errno == FsErrno.Ok && proto.Dir == 0 ? FsErrno.Invalid : errno;
    }

    public static Protos.Caller ToProto(this Caller caller)
    {
        Protos.Caller proto = new() { Uid = caller.Uid, Gid = caller.Gid };
        proto.Groups.AddRange(caller.Groups);
        return proto;
    }

    /// <summary>A request without a caller is nobody's: it must not pass for one of root, whose numbers are all zero.</summary>
    public static FsErrno TryDecode(Protos.Caller? proto, out Caller caller)
    {
        if (proto is null || proto.Groups.Count > MaxGroups)
        {
            caller = Nobody;
            return FsErrno.Invalid;
        }
        caller = new Caller(proto.Uid, proto.Gid, [.. proto.Groups]);
        return FsErrno.Ok;
    }

    internal static ByteString ToProto(this FileName name) => name.IsEmpty ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(name.Memory);
}
