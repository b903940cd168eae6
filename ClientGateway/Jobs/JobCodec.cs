using System.Text;
using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>
/// Records and notes as bytes. A selection is one blob: names share what they begin with, and a field that is as in the entry before is not repeated.
/// <code>
/// entry   flags  [dir]  shared  length  bytes  ino  [mode uid gid size mtime xattrs [links]]  [target dir]  [target name]  [owner removed]
/// </code>
/// </summary>
internal static class JobCodec
{
    private const byte Version = 1;
    private const byte SameDirectory = 1;
    private const byte HasAttributes = 2;
    private const byte HasTarget = 4;
    private const byte SameTarget = 8;
    private const byte OwnName = 16;
    private const byte InTrash = 32;
    private const byte HasLinks = 64;

    public static ReadOnlySpan<byte> Encode(JobRecord record)
    {
        MemoryStream bytes = new(256 + (24 * record.Entries.Count));
        using BinaryWriter to = new(bytes, Encoding.UTF8);
        to.Write(Version);
        to.Write((byte)record.Form);
        to.Write((byte)record.Kind);
        to.Write((byte)record.Conflicts);
        to.Write(record.StartedAt);
        to.Write(record.Title);
        to.Write(record.Scope);
        to.Write(record.Caller.Uid);
        to.Write(record.Caller.Gid);
        to.Write7BitEncodedInt(record.Caller.Groups.Count);
        foreach (uint group in record.Caller.Groups)
            to.Write(group);
        to.Write7BitEncodedInt(record.Entries.Count);
        JobEntry before = default;
        foreach (JobEntry entry in record.Entries)
        {
            Write(to, entry, before);
            before = entry;
        }
        if (record.Change is { } change)
            Write(to, change, record.IsEnclosed);
        to.Flush();
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }

    /// <summary>Null when it is of another version, or no record at all.</summary>
    public static JobRecord? Decode(byte[] bytes)
    {
        try
        {
            using BinaryReader from = new(new MemoryStream(bytes), Encoding.UTF8);
            if (from.ReadByte() != Version)
                return null;
            JobForm form = (JobForm)from.ReadByte();
            JobKind kind = (JobKind)from.ReadByte();
            ConflictChoice conflicts = (ConflictChoice)from.ReadByte();
            long startedAt = from.ReadInt64();
            string title = from.ReadString(), scope = from.ReadString();
            uint uid = from.ReadUInt32(), gid = from.ReadUInt32();
            uint[] groups = new uint[from.Read7BitEncodedInt()];
            for (int i = 0; i < groups.Length; i++)
                groups[i] = from.ReadUInt32();
            JobEntry[] entries = new JobEntry[from.Read7BitEncodedInt()];
            JobEntry before = default;
            for (int i = 0; i < entries.Length; i++)
                entries[i] = before = ReadEntry(from, before);
            (AttributeChange Change, bool IsEnclosed)? attributes = form == JobForm.Attributes ? ReadChange(from) : null;
            return new JobRecord
            {
                Form = form,
                Kind = kind,
                Conflicts = conflicts,
                StartedAt = startedAt,
                Title = title,
                Scope = scope,
                Caller = new Caller(uid, gid, groups),
                Entries = entries,
                Change = attributes?.Change,
                IsEnclosed = attributes is { IsEnclosed: true },
            };
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    public static void Write(BinaryWriter to, in JobNote note)
    {
        to.Write((byte)note.Kind);
        to.Write7BitEncodedInt64((long)note.Ino.Value);
        to.Write7BitEncodedInt64(note.Value);
        Write(to, note.Place);
        Write(to, note.Other);
        if (note.Kind == JobNoteKind.Ended)
            Write(to, note.End);
    }

    public static JobNote DecodeNote(byte[] bytes)
    {
        using BinaryReader from = new(new MemoryStream(bytes), Encoding.UTF8);
        JobNoteKind kind = (JobNoteKind)from.ReadByte();
        return new JobNote(kind)
        {
            Ino = new InodeId((ulong)from.Read7BitEncodedInt64()),
            Value = from.Read7BitEncodedInt64(),
            Place = ReadAddress(from),
            Other = ReadAddress(from),
            End = kind == JobNoteKind.Ended ? ReadEnd(from) : default,
        };
    }

    private static void Write(BinaryWriter to, in JobEnd end)
    {
        to.Write(end.Total);
        to.Write(end.Done);
        to.Write(end.Failed);
        to.Write(end.Cancelled);
        to.Write(end.Bytes);
        to.Write(end.Duration.Ticks);
    }

    private static JobEnd ReadEnd(BinaryReader from) =>
        new(from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), from.ReadInt64(), TimeSpan.FromTicks(from.ReadInt64()));

    private static void Write(BinaryWriter to, in JobEntry entry, in JobEntry before)
    {
        byte flags = 0;
        flags |= entry.Source.Dir == before.Source.Dir ? SameDirectory : (byte)0;
        flags |= entry.Attributes is not null ? HasAttributes : (byte)0;
        flags |= !entry.Target.Directory.IsNone ? HasTarget : (byte)0;
        flags |= entry.Target.Directory == before.Target.Directory ? SameTarget : (byte)0;
        flags |= entry.Target.Name == entry.Source.Name ? OwnName : (byte)0;
        flags |= entry.Trash is not null ? InTrash : (byte)0;
        flags |= entry.Attributes is { Nlink: > 1 } ? HasLinks : (byte)0;
        to.Write(flags);
        if ((flags & SameDirectory) == 0)
            to.Write(entry.Source.Dir.Value);
        ReadOnlySpan<byte> name = entry.Source.Name.Span;
        int shared = name.CommonPrefixLength(before.Source.Name.Span);
        to.Write((byte)shared);
        to.Write((byte)(name.Length - shared));
        to.Write(name[shared..]);
        to.Write7BitEncodedInt64((long)entry.Source.Ino.Value);
        if (entry.Attributes is { } a)
        {
            to.Write(a.Mode);
            to.Write7BitEncodedInt((int)a.Uid);
            to.Write7BitEncodedInt((int)a.Gid);
            to.Write7BitEncodedInt64(a.Size);
            to.Write(a.MtimeNs);
            to.Write7BitEncodedInt((int)a.Xattrs);
            if (a.Nlink > 1)
                to.Write7BitEncodedInt((int)a.Nlink);
        }
        if ((flags & HasTarget) != 0 && (flags & SameTarget) == 0)
            to.Write(entry.Target.Directory.Value);
        if ((flags & HasTarget) != 0 && (flags & OwnName) == 0)
            WriteName(to, entry.Target.Name);
        if (entry.Trash is { } id)
        {
            to.Write(id.Owner);
            to.Write(id.RemovedNs);
        }
    }

    private static JobEntry ReadEntry(BinaryReader from, in JobEntry before)
    {
        byte flags = from.ReadByte();
        InodeId dir = (flags & SameDirectory) != 0 ? before.Source.Dir : new InodeId(from.ReadUInt64());
        int shared = from.ReadByte();
        byte[] rest = from.ReadBytes(from.ReadByte());
        FileName name = FileName.FromTrusted([.. before.Source.Name.Span[..shared], .. rest]);
        InodeId ino = new((ulong)from.Read7BitEncodedInt64());
        InodeAttributes? attributes = (flags & HasAttributes) == 0 ? null : new InodeAttributes
        {
            Ino = ino,
            Mode = from.ReadUInt32(),
            Uid = (uint)from.Read7BitEncodedInt(),
            Gid = (uint)from.Read7BitEncodedInt(),
            Size = from.Read7BitEncodedInt64(),
            MtimeNs = from.ReadInt64(),
            Xattrs = (uint)from.Read7BitEncodedInt(),
            Nlink = (flags & HasLinks) != 0 ? (uint)from.Read7BitEncodedInt() : 1,
        };
        InodeId target = (flags & HasTarget) == 0 ? default : (flags & SameTarget) != 0 ? before.Target.Directory : new InodeId(from.ReadUInt64());
        FileName targetName = (flags & HasTarget) == 0 ? default : (flags & OwnName) != 0 ? name : ReadName(from);
        TrashId? trash = (flags & InTrash) == 0 ? null : new TrashId(from.ReadUInt32(), from.ReadInt64(), ino);
        return new JobEntry(new InodeAddress(dir, name, ino)) { Attributes = attributes, Target = (target, targetName), Trash = trash };
    }

    private static void Write(BinaryWriter to, AttributeChange change, bool isEnclosed)
    {
        to.Write((byte)((isEnclosed ? 1 : 0) | (change.ExecuteWhereItIs ? 2 : 0) | (change.Uid is null ? 0 : 4) | (change.Gid is null ? 0 : 8) | (change.MtimeNs is null ? 0 : 16)));
        to.Write(change.SetBits);
        to.Write(change.ClearBits);
        to.Write(change.Uid ?? 0);
        to.Write(change.Gid ?? 0);
        to.Write(change.MtimeNs ?? 0);
    }

    private static (AttributeChange Change, bool IsEnclosed) ReadChange(BinaryReader from)
    {
        byte flags = from.ReadByte();
        uint set = from.ReadUInt32(), clear = from.ReadUInt32(), uid = from.ReadUInt32(), gid = from.ReadUInt32();
        long mtime = from.ReadInt64();
        AttributeChange change = new()
        {
            SetBits = set,
            ClearBits = clear,
            ExecuteWhereItIs = (flags & 2) != 0,
            Uid = (flags & 4) != 0 ? uid : null,
            Gid = (flags & 8) != 0 ? gid : null,
            MtimeNs = (flags & 16) != 0 ? mtime : null,
        };
        return (change, (flags & 1) != 0);
    }

    private static void Write(BinaryWriter to, in InodeAddress address)
    {
        to.Write7BitEncodedInt64((long)address.Dir.Value);
        WriteName(to, address.Name);
        to.Write7BitEncodedInt64((long)address.Ino.Value);
    }

    private static InodeAddress ReadAddress(BinaryReader from) =>
        new(new InodeId((ulong)from.Read7BitEncodedInt64()), ReadName(from), new InodeId((ulong)from.Read7BitEncodedInt64()));

    private static void WriteName(BinaryWriter to, FileName name)
    {
        to.Write((byte)name.Length);
        to.Write(name.Span);
    }

    private static FileName ReadName(BinaryReader from) => FileName.FromTrusted(from.ReadBytes(from.ReadByte()));
}
