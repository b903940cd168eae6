using Capstan.Shared.Messages;

namespace Capstan.Shared.Wire;

/// <summary>What keeps a gateway's listings alive: pages with their credits, deltas with their acks.</summary>
internal static class DirectoryMapping
{
    public static Protos.DirectoryDelta ToProto(DirectoryDelta delta)
    {
        Protos.DirectoryDelta proto = new()
        {
            Dir = delta.Dir.Value,
            From = delta.From.Value,
            To = delta.To.Value,
            Kind = (int)delta.Kind,
            Name = delta.Name.ToProto(),
            Shared = delta.IsShared,
        };
        if (delta.Attributes is { } attributes)
            proto.Attributes = attributes.ToProto();
        return proto;
    }

    public static DirectoryDelta Decode(Protos.DirectoryDelta proto)
    {
        DeltaKind kind = (DeltaKind)proto.Kind;
        if (kind is not (DeltaKind.Removed or DeltaKind.Added or DeltaKind.Changed or DeltaKind.Self))
            throw new WireException($"Unknown kind of delta: {proto.Kind}.");
        FileName name = default;
        if (kind == DeltaKind.Self ? !proto.Name.IsEmpty : FileName.TryCreate(proto.Name.Span, out name) != FsErrno.Ok)
            throw new WireException($"A delta of kind {kind} with a name of {proto.Name.Length} bytes that is none.");
        if (kind != DeltaKind.Removed)
            WireField.Required(proto.Attributes, "A delta's attributes");
        return new DirectoryDelta(
            new InodeId(proto.Dir), WireField.Version(proto.From), WireField.Version(proto.To), kind, name, proto.Attributes?.ToAttributes())
        {
            IsShared = proto.Shared,
        };
    }

    public static Protos.DeltaAck ToProto(DeltaAck ack) => new() { Dir = ack.Dir.Value, Version = ack.Version.Value };

    public static DeltaAck Decode(Protos.DeltaAck proto) => new(new InodeId(proto.Dir), WireField.Version(proto.Version));

    /// <summary>A page is immutable: the wire reads it where it is.</summary>
    public static Protos.DirectoryPage ToProto(PageMessage page) => new() { Tid = page.Tid, Page = WireField.Wrap(page.Page) };

    public static PageMessage Decode(Protos.DirectoryPage proto) => new(WireField.Tid(proto.Tid), WireField.TakeBytes(proto.Page));

    public static Protos.ReaddirCredit ToProto(ReaddirCredit credit) => new() { Tid = credit.Tid, Credits = credit.Credits, Waited = credit.Waited };

    public static ReaddirCredit Decode(Protos.ReaddirCredit proto) =>
        new(WireField.Tid(proto.Tid), WireField.NotNegative(proto.Credits, "Credits"), WireField.NotNegative(proto.Waited, "Pages waited for"));

    public static Protos.ReaddirCancel ToProto(ReaddirCancel cancel) => new() { Tid = cancel.Tid };

    public static ReaddirCancel Decode(Protos.ReaddirCancel proto) => new(WireField.Tid(proto.Tid));
}
