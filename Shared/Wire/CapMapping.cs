using Capstan.Shared.Messages;

namespace Capstan.Shared.Wire;

/// <summary>Caps: granted, revoked, acknowledged, given back, reclaimed.</summary>
internal static class CapMapping
{
    public static Protos.CapGrant ToProto(CapGrant grant) => new()
    {
        Ino = grant.Ino.Value,
        Bits = (uint)grant.Bits,
        Seq = grant.Seq,
        Version = grant.Version.Value,
        Attributes = grant.Attributes.ToProto(),
        Unsettled = grant.IsUnsettled,
    };

    public static CapGrant Decode(Protos.CapGrant proto) => new(
        new InodeId(proto.Ino),
        WireField.Caps(proto.Bits),
        Seq(proto.Seq),
        WireField.Version(proto.Version),
        WireField.Required(proto.Attributes, "A grant's attributes").ToAttributes())
    {
        IsUnsettled = proto.Unsettled,
    };

    public static Protos.CapRevoke ToProto(CapRevoke revoke) => new() { Ino = revoke.Ino.Value, Keep = (uint)revoke.Keep, Seq = revoke.Seq };

    public static CapRevoke Decode(Protos.CapRevoke proto) => new(new InodeId(proto.Ino), WireField.Caps(proto.Keep), Seq(proto.Seq));

    public static Protos.CapAck ToProto(CapAck ack) => new() { Ino = ack.Ino.Value, Seq = ack.Seq, Retained = (uint)ack.Retained };

    public static CapAck Decode(Protos.CapAck proto) => new(new InodeId(proto.Ino), Seq(proto.Seq), WireField.Caps(proto.Retained));

    public static Protos.CapRelease ToProto(CapRelease release) => new() { Ino = release.Ino.Value, Seq = release.Seq };

    public static CapRelease Decode(Protos.CapRelease proto) => new(new InodeId(proto.Ino), Seq(proto.Seq));

    public static Protos.Reclaim ToProto(Reclaim reclaim)
    {
        Protos.Reclaim proto = new();
        proto.Caps.Capacity = reclaim.Caps.Count;
        foreach (HeldCap cap in reclaim.Caps)
            proto.Caps.Add(new Protos.HeldCap { Ino = cap.Ino.Value, Bits = (uint)cap.Bits, Version = cap.Version.Value });
        return proto;
    }

    public static Reclaim Decode(Protos.Reclaim proto)
    {
        HeldCap[] caps = new HeldCap[proto.Caps.Count];
        for (int i = 0; i < caps.Length; i++)
            caps[i] = new HeldCap(new InodeId(proto.Caps[i].Ino), WireField.Caps(proto.Caps[i].Bits), WireField.Version(proto.Caps[i].Version));
        return new Reclaim(caps);
    }

    private static long Seq(long seq) => WireField.NotNegative(seq, "Seq");
}
