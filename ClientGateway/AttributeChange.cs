using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

/// <summary>What is to become of attributes, of one entry or of many: what is not named stays.</summary>
public sealed record AttributeChange
{
    private const uint Executable = 0x49;

    /// <summary>Permission bits that are given.</summary>
    public uint SetBits { get; init; }

    /// <summary>Permission bits that are taken away.</summary>
    public uint ClearBits { get; init; }

    /// <summary>The right to execute is given to directories, and to files that somebody may execute already (chmod's X).</summary>
    public bool ExecuteWhereItIs { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }

    public long? MtimeNs { get; init; }

    public bool IsEmpty => SetBits == 0 && ClearBits == 0 && Uid is null && Gid is null && MtimeNs is null;

    /// <summary>The request for one entry; null when it is so already. A symlink has no permissions of its own.</summary>
    internal SetAttrOperation? For(InodeAddress target, InodeAttributes now)
    {
        uint before = now.Mode & InodeAttributes.PermissionMask;
        uint given = ExecuteWhereItIs && !now.IsDirectory && (before & Executable) == 0 ? SetBits & ~Executable : SetBits;
        uint after = now.Kind == FileKind.Symlink ? before : (before & ~ClearBits) | given;
        SetAttrOperation change = new(target)
        {
            Mode = after == before ? null : after,
            Uid = Uid == now.Uid ? null : Uid,
            Gid = Gid == now.Gid ? null : Gid,
            MtimeNs = MtimeNs == now.MtimeNs ? null : MtimeNs,
        };
        return change is { Mode: null, Uid: null, Gid: null, MtimeNs: null } ? null : change;
    }
}
