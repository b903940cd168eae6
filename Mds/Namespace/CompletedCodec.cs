using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// What a session completed in one group, packed: a run of tids, which is what a bulk delete makes, takes three bytes, a run of
/// creates some thirty. The layout is persisted.
/// <code>
/// repeated: tid - (previous tid + 1) varint, from 0
///           run length * 2 + (1 if attributes follow: those of the first, the others have the next inode numbers, or with ino 0 each its own) varint
///           attributes: ino, mode, uid, gid, nlink, size varints; mtime 8 bytes; ctime - mtime, atime - mtime zigzag; xattrs, content varints
/// </code>
/// </summary>
internal static class CompletedCodec
{
    public static void Write(RecordWriter writer, IReadOnlyList<CompletedRun> ascending)
    {
        long expected = 0;
        for (int i = 0; i < ascending.Count;)
        {
            CompletedRun run = ascending[i++];
            // Runs without attributes that adjoin are one.
            while (run.Made is null && i < ascending.Count && ascending[i].Made is null && ascending[i].First == run.Last + 1)
                run = run with { Count = run.Count + ascending[i++].Count };
            writer.Varint((ulong)(run.First - expected));
            writer.Varint(((ulong)run.Count * 2) + (run.Made is null ? 0u : 1u));
            if (run.Made is not null)
                Write(writer, run.Made);
            expected = run.Last + 1;
        }
    }

    public static void Read(ReadOnlySpan<byte> record, List<CompletedRun> runs)
    {
        RecordReader reader = new(record);
        long tid = 0;
        while (!reader.AtEnd)
        {
            tid += (long)reader.Varint();
            ulong run = reader.Varint();
            int count = (int)(run / 2);
            runs.Add(new CompletedRun(tid, count, (run & 1) != 0 ? ReadAttributes(ref reader) : null));
            tid += count;
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
