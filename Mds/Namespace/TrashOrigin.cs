using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// Where an entry of the trash was. Kept as an xattr of the trash's directory under the entry's name, so that it is written and
/// removed with the entry in one transaction. The layout is persisted.
/// <code>
/// format 1 byte (1); directory varint; names from the root, the entry's own the last, with '/' between
/// </code>
/// </summary>
internal readonly record struct TrashOrigin(InodeId Directory, FileName[] Path)
{
    /// <summary>Of a longer path the names at its end are kept.</summary>
    private const int MaxPathBytes = 1024;

    private const byte Format = 1;

    public static TrashOrigin Of(Tree tree, DirectoryState directory, FileName name)
    {
        List<FileName> path = [name];
        int bytes = name.Length;
        for (DirectoryState at = directory; !at.IsRoot && (bytes += 1 + at.Record.Name.Length) <= MaxPathBytes;)
        {
            path.Add(at.Record.Name);
            at = tree.FindDirectory(at.Record.Parent) ?? throw Tree.Broken(at.Record.Parent, "directory");
        }
        path.Reverse();
        return new TrashOrigin(directory.Ino, [.. path]);
    }

    public byte[] ToBytes()
    {
        RecordWriter writer = new();
        writer.Byte(Format);
        writer.Varint(Directory.Value);
        for (int i = 0; i < Path.Length; i++)
        {
            if (i > 0)
                writer.Byte((byte)'/');
            writer.Bytes(Path[i].Span);
        }
        return writer.Written.ToArray();
    }

    public static bool TryParse(ReadOnlySpan<byte> record, out TrashOrigin origin)
    {
        origin = default;
        if (record.Length < 3 || record[0] != Format)
            return false;
        RecordReader reader = new(record[1..]);
        InodeId directory = new(reader.Varint());
        List<FileName> path = [];
        ReadOnlySpan<byte> names = reader.Rest;
        foreach (Range range in names.Split((byte)'/'))
        {
            if (FileName.TryCreate(names[range], out FileName name) != FsErrno.Ok)
                return false;
            path.Add(name);
        }
        origin = new TrashOrigin(directory, [.. path]);
        return true;
    }
}
