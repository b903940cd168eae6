using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// What a session completed in one group, packed: a run of tids without attributes, which is what a bulk delete makes, takes
/// three bytes. The layout is persisted.
/// <code>
/// repeated: tid - (previous tid + 1) varint, from 0
///           run length * 2 + (1 if attributes follow, then the run is 1) varint
///           attributes: ino, mode, uid, gid, nlink, size varints; mtime 8 bytes; ctime - mtime, atime - mtime zigzag; xattrs, content varints
/// </code>
/// </summary>
internal static class CompletedCodec
{
    public static void Write(RecordWriter writer, List<long> ascendingTids, Dictionary<long, InodeAttributes?> results)
    {
        long expected = 0;
        for (int i = 0; i < ascendingTids.Count;)
        {
            long tid = ascendingTids[i];
            writer.Varint((ulong)(tid - expected));
            if (results[tid] is { } attributes)
            {
                writer.Varint(3);
                Write(writer, attributes);
                expected = tid + 1;
                i++;
                continue;
            }
            int run = 1;
            while (i + run < ascendingTids.Count && ascendingTids[i + run] == tid + run && results[tid + run] is null)
                run++;
            writer.Varint((ulong)run * 2);
            expected = tid + run;
            i += run;
        }
    }

    public static void Read(ReadOnlySpan<byte> record, Dictionary<long, InodeAttributes?> results)
    {
        RecordReader reader = new(record);
        long tid = 0;
        while (!reader.AtEnd)
        {
            tid += (long)reader.Varint();
            ulong run = reader.Varint();
            if ((run & 1) != 0)
            {
                results[tid++] = ReadAttributes(ref reader);
                continue;
            }
            for (ulong i = 0; i < run / 2; i++)
                results[tid++] = null;
        }
    }

    private static void Write(RecordWriter writer, InodeAttributes a)
    {
        writer.Varint(a.Ino.Value);
        writer.Varint(a.Mode);
        writer.Varint(a.Uid);
        writer.Varint(a.Gid);
        writer.Varint(a.Nlink);
        writer.Varint((ulong)a.Size);
        writer.Fixed64(a.MtimeNs);
        writer.Zigzag(a.CtimeNs - a.MtimeNs);
        writer.Zigzag(a.AtimeNs - a.MtimeNs);
        writer.Varint(a.Xattrs);
        writer.Varint((ulong)a.Content);
    }

    private static InodeAttributes ReadAttributes(ref RecordReader reader)
    {
        ulong ino = reader.Varint();
        uint mode = (uint)reader.Varint();
        uint uid = (uint)reader.Varint();
        uint gid = (uint)reader.Varint();
        uint nlink = (uint)reader.Varint();
        long size = (long)reader.Varint();
        long mtime = reader.Fixed64();
        return new InodeAttributes
        {
            Ino = new InodeId(ino),
            Mode = mode,
            Uid = uid,
            Gid = gid,
            Nlink = nlink,
            Size = size,
            MtimeNs = mtime,
            CtimeNs = mtime + reader.Zigzag(),
            AtimeNs = mtime + reader.Zigzag(),
            Xattrs = (uint)reader.Varint(),
            Content = (long)reader.Varint(),
        };
    }
}
