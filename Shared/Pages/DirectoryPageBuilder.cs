using System.Buffers.Binary;

namespace Capstan.Shared.Pages;

/// <summary>Collects entries in bytewise order of names and makes a page of them. Reusable; not thread-safe.</summary>
public sealed class DirectoryPageBuilder
{
    public const int MaxEntries = 1024;

    /// <summary>Bound of a page's bytes: below .NET's large-object limit.</summary>
    public const int MaxBytes = 76 * 1024;

    private const int MaxClasses = 255;
    private const int MaxNameBytes = 60 * 1024;

    private readonly PageRow[] _rows = new PageRow[MaxEntries];
    private readonly byte[] _classOf = new byte[MaxEntries];
    private readonly ulong[] _column = new ulong[MaxEntries];
    private readonly List<(uint Mode, uint Uid, uint Gid, uint Nlink)> _classes = [];
    private readonly byte[] _names = new byte[MaxNameBytes];
    private readonly ushort[] _restarts = new ushort[MaxEntries / PageLayout.RestartInterval];
    private readonly byte[] _previous = new byte[FileName.MaxLength];
    private int _previousLength;
    private int _nameBytes;

    public int Count { get; private set; }

    /// <summary>Adds the next entry; false, and nothing added, when the page is full.</summary>
    public bool TryAdd(ReadOnlySpan<byte> name, in PageRow row)
    {
        if (Count == MaxEntries || _nameBytes + name.Length + 2 > MaxNameBytes)
            return false;
        // Widest columns assumed: the bound holds whatever the values turn out to be, and 1,024 short names still fit.
        if (PageLayout.HeaderSize + ((_classes.Count + 1) * PageLayout.ClassSize) + ((Count + 1) * 37) + _nameBytes + name.Length + 2 > MaxBytes)
            return false;
        if (!TryClassify(row, out byte number))
            return false;
        AppendName(name);
        _rows[Count] = row;
        _classOf[Count++] = number;
        return true;
    }

    /// <summary>Makes the page and starts anew.</summary>
    public byte[] Build(in PageHeader header)
    {
        ReadOnlySpan<PageRow> rows = _rows.AsSpan(0, Count);
        ulong minIno = ulong.MaxValue, maxIno = 0;
        long minSize = long.MaxValue, maxSize = long.MinValue, minTime = long.MaxValue, maxTime = long.MinValue, minContent = long.MaxValue, maxContent = long.MinValue;
        uint maxXattrs = 0;
        int unit = PageLayout.Units.Length - 1;
        foreach (ref readonly PageRow row in rows)
        {
            minIno = Math.Min(minIno, row.Ino.Value);
            maxIno = Math.Max(maxIno, row.Ino.Value);
            minSize = Math.Min(minSize, row.Size);
            maxSize = Math.Max(maxSize, row.Size);
            minTime = Math.Min(minTime, row.MtimeNs);
            maxTime = Math.Max(maxTime, row.MtimeNs);
            minContent = Math.Min(minContent, row.Content);
            maxContent = Math.Max(maxContent, row.Content);
            maxXattrs = Math.Max(maxXattrs, row.Xattrs);
            while (unit > 0 && row.MtimeNs % PageLayout.Units[unit] != 0)
                unit--;
        }
        if (rows.IsEmpty)
            (minIno, minSize, maxSize, minTime, maxTime, minContent, maxContent) = (0, 0, 0, 0, 0, 0, 0);
        long scale = PageLayout.Units[unit];
        Span<int> widths =
        [
            PageLayout.WidthOf(maxIno - minIno),
            PageLayout.WidthOf((ulong)(maxSize - minSize)),
            PageLayout.WidthOf((ulong)(maxTime - minTime) / (ulong)scale),
            PageLayout.WidthOf(maxXattrs),
            PageLayout.WidthOf((ulong)(maxContent - minContent)),
        ];

        int restarts = (Count + PageLayout.RestartInterval - 1) / PageLayout.RestartInterval;
        int classColumn = _classes.Count > 1 ? Count : 0;
        int size = PageLayout.HeaderSize + (_classes.Count * PageLayout.ClassSize) + classColumn + (restarts * 2) + _nameBytes;
        foreach (int width in widths)
            size += width * Count;
        byte[] page = new byte[size];

        BinaryPrimitives.WriteUInt32LittleEndian(page, PageLayout.Magic);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(8), header.Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(16), header.Dir.Value);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(24), header.Version.Value);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(32), header.FirstRank);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(40), header.Total);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(48), (ushort)Count);
        page[50] = header.Last ? PageLayout.LastFlag : (byte)0;
        page[51] = (byte)_classes.Count;
        for (int i = 0; i < widths.Length; i++)
            page[52 + i] = (byte)widths[i];
        page[57] = (byte)unit;
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(64), minIno);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(72), minSize);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(80), minTime);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(88), minContent);

        Span<byte> rest = page.AsSpan(PageLayout.HeaderSize);
        foreach ((uint mode, uint uid, uint gid, uint nlink) in _classes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, mode);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], uid);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], gid);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[12..], nlink);
            rest = rest[PageLayout.ClassSize..];
        }
        _classOf.AsSpan(0, classColumn).CopyTo(rest);
        rest = rest[classColumn..];
        for (int column = 0; column < PageLayout.Columns; column++)
        {
            int width = widths[column];
            if (width == 0)
                continue;
            Span<ulong> values = _column.AsSpan(0, Count);
            switch (column)
            {
                case 0:
                    for (int i = 0; i < values.Length; i++)
                        values[i] = rows[i].Ino.Value - minIno;
                    break;
                case 1:
                    for (int i = 0; i < values.Length; i++)
                        values[i] = (ulong)(rows[i].Size - minSize);
                    break;
                case 2:
                    for (int i = 0; i < values.Length; i++)
                        values[i] = (ulong)(rows[i].MtimeNs - minTime) / (ulong)scale;
                    break;
                case 3:
                    for (int i = 0; i < values.Length; i++)
                        values[i] = rows[i].Xattrs;
                    break;
                default:
                    for (int i = 0; i < values.Length; i++)
                        values[i] = (ulong)(rows[i].Content - minContent);
                    break;
            }
            PageLayout.WriteColumn(rest[..(width * Count)], width, values);
            rest = rest[(width * Count)..];
        }
        for (int i = 0; i < restarts; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(rest[(i * 2)..], _restarts[i]);
        _names.AsSpan(0, _nameBytes).CopyTo(rest[(restarts * 2)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(4), PageLayout.Checksum(page));

        Count = 0;
        _classes.Clear();
        _nameBytes = 0;
        _previousLength = 0;
        return page;
    }

    private bool TryClassify(in PageRow row, out byte number)
    {
        (uint, uint, uint, uint) wanted = (row.Mode, row.Uid, row.Gid, row.Nlink);
        for (int i = _classes.Count - 1; i >= 0; i--)
        {
            if (_classes[i] == wanted)
            {
                number = (byte)i;
                return true;
            }
        }
        number = (byte)_classes.Count;
        if (_classes.Count == MaxClasses)
            return false;
        _classes.Add(wanted);
        return true;
    }

    private void AppendName(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> previous = _previous.AsSpan(0, _previousLength);
        if (Count > 0 && previous.SequenceCompareTo(name) >= 0)
            throw new ArgumentException("Names must come in ascending order.", nameof(name));
        if (Count % PageLayout.RestartInterval == 0)
        {
            _restarts[Count / PageLayout.RestartInterval] = (ushort)_nameBytes;
            _names[_nameBytes++] = (byte)name.Length;
            name.CopyTo(_names.AsSpan(_nameBytes));
            _nameBytes += name.Length;
        }
        else
        {
            int shared = previous.CommonPrefixLength(name);
            _names[_nameBytes++] = (byte)shared;
            _names[_nameBytes++] = (byte)(name.Length - shared);
            name[shared..].CopyTo(_names.AsSpan(_nameBytes));
            _nameBytes += name.Length - shared;
        }
        name.CopyTo(_previous);
        _previousLength = name.Length;
    }
}
