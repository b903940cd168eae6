namespace Capstan.Shared.Wire;

/// <summary>Entries of the trash and what names them.</summary>
internal static class TrashMapping
{
    public static Protos.TrashId ToProto(TrashId id) => new() { Owner = id.Owner, RemovedNs = id.RemovedNs, Ino = id.Ino.Value };

    public static TrashId Decode(Protos.TrashId proto) => new(proto.Owner, proto.RemovedNs, new InodeId(proto.Ino));

    public static Protos.TrashEntry ToProto(TrashEntry entry)
    {
        Protos.TrashEntry proto = new() { Id = ToProto(entry.Id), Attributes = entry.Attributes.ToProto(), Dir = entry.Directory.Value };
        foreach (FileName name in entry.Path)
            proto.Path.Add(name.ToProto());
        return proto;
    }

    public static TrashEntry Decode(Protos.TrashEntry proto)
    {
        if (proto.Id is null || proto.Attributes is null || proto.Path.Count == 0)
            throw new WireException("An entry of the trash without a number, attributes or a name.");
        FileName[] path = new FileName[proto.Path.Count];
        for (int i = 0; i < path.Length; i++)
        {
            if (FileName.TryCreate(proto.Path[i].Span, out path[i]) != FsErrno.Ok)
                throw new WireException("An entry of the trash whose path is none.");
        }
        return new TrashEntry(Decode(proto.Id), proto.Attributes.ToAttributes(), new InodeId(proto.Dir), path);
    }
}
