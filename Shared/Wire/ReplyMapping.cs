using Capstan.Shared.Messages;
using Google.Protobuf.Collections;

namespace Capstan.Shared.Wire;

/// <summary>A reply on its own.</summary>
internal static class ReplyMapping
{
    public static Protos.Reply ToProto(Reply reply)
    {
        Protos.Reply proto = new()
        {
            Tid = reply.Tid,
            Errno = (int)reply.Errno,
            Data = WireField.Wrap(reply.Data),
            Version = reply.Version.Value,
            Late = reply.IsLate,
        };
        foreach (VersionSpan span in reply.Changed)
            proto.Changed.Add(new Protos.VersionSpan { Dir = span.Dir.Value, From = span.From.Value, To = span.To.Value });
        foreach (InodeAttributes attributes in reply.Attributes)
            proto.Attributes.Add(attributes.ToProto());
        foreach (byte[] name in reply.Names)
            proto.Names.Add(WireField.Wrap(name));
        foreach (TrashEntry entry in reply.Trash)
            proto.Trash.Add(TrashMapping.ToProto(entry));
        if (reply.Statistics is { } statistics)
            proto.StatFs = ToProto(statistics);
        if (reply.Times is { Served.Ticks: > 0 } times)
            proto.Times = ToProto(times);
        return proto;
    }

    public static Reply Decode(Protos.Reply proto) => new(WireField.Tid(proto.Tid), WireField.Errno(proto.Errno))
    {
        Changed = Map(proto.Changed, span => new VersionSpan(new InodeId(span.Dir), WireField.Version(span.From), WireField.Version(span.To))),
        Attributes = Map(proto.Attributes, AttributeMapping.ToAttributes),
        Data = WireField.TakeBytes(proto.Data),
        Names = Map(proto.Names, WireField.TakeBytes),
        Statistics = proto.StatFs is null ? null : Decode(proto.StatFs),
        Version = WireField.Version(proto.Version),
        IsLate = proto.Late,
        Trash = Map(proto.Trash, TrashMapping.Decode),
        Times = proto.Times is null ? null : Decode(proto.Times),
    };

    private static Protos.RequestTimes ToProto(RequestTimes times) => new()
    {
        ServedUs = (long)times.Served.TotalMicroseconds,
        ParkedUs = (long)times.Parked.TotalMicroseconds,
        HeldUs = (long)times.Held.TotalMicroseconds,
    };

    private static RequestTimes Decode(Protos.RequestTimes proto) => new()
    {
        Served = Micros(proto.ServedUs),
        Parked = Micros(proto.ParkedUs),
        Held = Micros(proto.HeldUs),
    };

    /// <summary>A figure to look at, so that one out of all reason is cut, not refused.</summary>
    private static TimeSpan Micros(long us) => TimeSpan.FromMicroseconds(Math.Clamp(us, 0, (long)TimeSpan.FromDays(1).TotalMicroseconds));

    private static Protos.StatFs ToProto(FileSystemStatistics statistics) => new()
    {
        Entries = statistics.Entries,
        Directories = statistics.Directories,
        Bytes = statistics.Bytes,
        FreeBytes = statistics.FreeBytes,
        TotalBytes = statistics.TotalBytes,
    };

    private static FileSystemStatistics Decode(Protos.StatFs proto) => new(
        WireField.NotNegative(proto.Entries, "Entries"),
        WireField.NotNegative(proto.Directories, "Directories"),
        WireField.NotNegative(proto.Bytes, "Bytes"),
        WireField.NotNegative(proto.FreeBytes, "Free bytes"),
        WireField.NotNegative(proto.TotalBytes, "Total bytes"));

    private static IReadOnlyList<TOurs> Map<TProto, TOurs>(RepeatedField<TProto> field, Func<TProto, TOurs> map)
    {
        if (field.Count == 0)
            return [];
        TOurs[] result = new TOurs[field.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = map(field[i]);
        return result;
    }
}
