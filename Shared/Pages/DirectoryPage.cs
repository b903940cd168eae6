using System.Buffers.Binary;

namespace Capstan.Shared.Pages;

/// <summary>
/// A run of consecutive dentries with their attributes: columnar, front-coded, immutable (<see cref="PageLayout"/>).
/// No object per entry until a row is asked for. Thread-safe.
/// </summary>
public sealed class DirectoryPage
{
    private readonly byte[] _bytes;
    private readonly int _classColumn;
    private readonly int _columns;
    private readonly int _restarts;
    private readonly int _names;

    private DirectoryPage(byte[] bytes)
    {
        _bytes = bytes;
        Count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(48));
        _classColumn = PageLayout.HeaderSize + (bytes[51] * PageLayout.ClassSize);
        _columns = _classColumn + (bytes[51] > 1 ? Count : 0);
        _restarts = _columns;
        for (int i = 0; i < PageLayout.Columns; i++)
            _restarts += bytes[52 + i] * Count;
        _names = _restarts + (RestartCount * 2);
    }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public int Count { get; }

    public PageHeader Header => new(
        new Epoch(BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(8))),
        new InodeId(BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(16))),
        new DirectoryVersion(BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(24))),
        BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(32)),
        BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(40)),
        (_bytes[50] & PageLayout.LastFlag) != 0);

    private int RestartCount => (Count + PageLayout.RestartInterval - 1) / PageLayout.RestartInterval;

    /// <summary>
    /// Opens bytes that came from outside: checks the checksum, the layout and the order and form of the names.
    /// Null when anything is off: the bytes are then no page at all, and nothing of them may be believed.
    /// </summary>
    public static DirectoryPage? TryOpen(byte[] bytes)
    {
        if (bytes.Length < PageLayout.HeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != PageLayout.Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != PageLayout.Checksum(bytes)
            || bytes.AsSpan(52, PageLayout.Columns).ContainsAnyExceptInRange((byte)0, (byte)8)
            || bytes[57] >= PageLayout.Units.Length)
            return null;
        DirectoryPage page = new(bytes);
        return page.IsSound() ? page : null;
    }

    /// <summary>Opens bytes that this process has just built.</summary>
    public static DirectoryPage OpenTrusted(byte[] bytes) => new(bytes);

    public PageRow Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        ReadOnlySpan<byte> bytes = _bytes;
        int number = bytes[51] > 1 ? bytes[_classColumn + index] : 0;
        ReadOnlySpan<byte> shared = bytes.Slice(PageLayout.HeaderSize + (number * PageLayout.ClassSize), PageLayout.ClassSize);
        int column = _columns;
        ulong ino = Next(ref column, 0, index) + BinaryPrimitives.ReadUInt64LittleEndian(bytes[64..]);
        long size = (long)Next(ref column, 1, index) + BinaryPrimitives.ReadInt64LittleEndian(bytes[72..]);
        long mtime = ((long)Next(ref column, 2, index) * PageLayout.Units[bytes[57]]) + BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]);
        uint xattrs = (uint)Next(ref column, 3, index);
        long content = (long)Next(ref column, 4, index) + BinaryPrimitives.ReadInt64LittleEndian(bytes[88..]);
        return new PageRow(
            new InodeId(ino),
            BinaryPrimitives.ReadUInt32LittleEndian(shared),
            BinaryPrimitives.ReadUInt32LittleEndian(shared[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(shared[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(shared[12..]),
            size, mtime, xattrs, content);
    }

    public InodeId Ino(int index)
    {
        int width = _bytes[52];
        return new InodeId(PageLayout.ReadUnsigned(_bytes.AsSpan(_columns, width * Count), width, index) + BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(64)));
    }

    public FileName Name(int index)
    {
        Span<byte> buffer = stackalloc byte[FileName.MaxLength];
        return FileName.FromTrusted(buffer[..CopyName(index, buffer)].ToArray());
    }

    /// <summary>Writes the name into <paramref name="buffer"/> (255 bytes suffice) and returns its length.</summary>
    public int CopyName(int index, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        NameCursor cursor = new(this, index / PageLayout.RestartInterval, buffer);
        for (int i = index % PageLayout.RestartInterval; i > 0; i--)
            cursor.MoveNext();
        return cursor.Length;
    }

    public DirectoryEntry Entry(int index) => new(Name(index), Row(index).ToAttributes());

    /// <summary>Index of <paramref name="name"/>, or the complement of the index of the first entry after it.</summary>
    public int Find(FileName name) => Find(name.Span);

    public int Find(ReadOnlySpan<byte> name)
    {
        // Last restart whose name is not after the wanted one, then at most 15 steps.
        int low = 0, high = RestartCount - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = RestartName(middle).SequenceCompareTo(name);
            if (order == 0)
                return middle * PageLayout.RestartInterval;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        if (high < 0)
            return ~0;
        // Every name on the way is before the wanted one and has `same` bytes in common with it. The next one, if it shares more than
        // that with the last, is before the wanted one, too; otherwise its suffix decides.
        ReadOnlySpan<byte> before = RestartName(high);
        int same = before.CommonPrefixLength(name);
        int offset = RestartOffset(high) + 1 + before.Length;
        int end = Math.Min(Count, (high + 1) * PageLayout.RestartInterval);
        for (int index = (high * PageLayout.RestartInterval) + 1; index < end; index++)
        {
            int shared = _bytes[offset];
            ReadOnlySpan<byte> suffix = _bytes.AsSpan(offset + 2, _bytes[offset + 1]);
            offset += 2 + suffix.Length;
            if (shared > same)
                continue;
            ReadOnlySpan<byte> rest = name[shared..];
            int order = suffix.SequenceCompareTo(rest);
            if (order == 0)
                return index;
            if (order > 0)
                return ~index;
            same = shared + suffix.CommonPrefixLength(rest);
        }
        return ~end;
    }

    private ulong Next(ref int column, int number, int index)
    {
        int width = _bytes[52 + number];
        ulong value = PageLayout.ReadUnsigned(_bytes.AsSpan(column, width * Count), width, index);
        column += width * Count;
        return value;
    }

    private int RestartOffset(int restart) => _names + BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(_restarts + (restart * 2)));

    private ReadOnlySpan<byte> RestartName(int restart)
    {
        int offset = RestartOffset(restart);
        return _bytes.AsSpan(offset + 1, _bytes[offset]);
    }

    private bool IsSound()
    {
        if (Count > DirectoryPageBuilder.MaxEntries || _names > _bytes.Length || (Count > 0 && _bytes[51] == 0))
            return false;
        PageHeader header = Header;
        if (header.FirstRank < 0 || header.FirstRank + Count > header.Total || (header.Last && header.FirstRank + Count != header.Total))
            return false;
        if (_bytes[51] > 1 && Count > 0 && _bytes.AsSpan(_classColumn, Count).ContainsAnyExceptInRange((byte)0, (byte)(_bytes[51] - 1)))
            return false;
        Span<byte> previous = stackalloc byte[FileName.MaxLength];
        Span<byte> current = stackalloc byte[FileName.MaxLength];
        int previousLength = 0;
        int offset = _names;
        for (int i = 0; i < Count; i++)
        {
            bool restart = i % PageLayout.RestartInterval == 0;
            if (restart && (_restarts + (i / PageLayout.RestartInterval * 2) + 2 > _names || RestartOffset(i / PageLayout.RestartInterval) != offset))
                return false;
            if (offset + 2 > _bytes.Length)
                return false;
            int shared = restart ? 0 : _bytes[offset++];
            int suffix = _bytes[offset++];
            int length = shared + suffix;
            if (shared > previousLength || length > FileName.MaxLength || offset + suffix > _bytes.Length)
                return false;
            previous[..shared].CopyTo(current);
            _bytes.AsSpan(offset, suffix).CopyTo(current[shared..]);
            offset += suffix;
            ReadOnlySpan<byte> name = current[..length];
            if (!FileName.IsValid(name) || (i > 0 && previous[..previousLength].SequenceCompareTo(name) >= 0))
                return false;
            name.CopyTo(previous);
            previousLength = length;
        }
        return offset == _bytes.Length;
    }

    /// <summary>
    /// Writes all names one after the other into <paramref name="text"/>, each followed by a NUL, which no name has, and the end of each
    /// (the index of its NUL) into <paramref name="ends"/>; both grow as needed. Returns the length written. A scan of a whole directory runs over such texts.
    /// </summary>
    public int CopyNames(ref byte[] text, ref int[] ends)
    {
        if (ends.Length < Count)
            ends = new int[DirectoryPageBuilder.MaxEntries];
        ReadOnlySpan<byte> bytes = _bytes;
        int offset = _names, at = 0, previous = 0;
        for (int i = 0; i < Count; i++)
        {
            int shared = i % PageLayout.RestartInterval == 0 ? 0 : bytes[offset++];
            int suffix = bytes[offset++];
            if (text.Length < at + shared + suffix + 1)
                Array.Resize(ref text, Math.Max(2 * text.Length, at + FileName.MaxLength + 1));
            Span<byte> to = text.AsSpan(at, shared + suffix + 1);
            text.AsSpan(previous, shared).CopyTo(to);
            bytes.Slice(offset, suffix).CopyTo(to[shared..]);
            to[^1] = 0;
            previous = at;
            at += shared + suffix;
            ends[i] = at++;
            offset += suffix;
        }
        return at;
    }

    /// <summary>Walks the front-coded names from a restart on.</summary>
    private ref struct NameCursor
    {
        private readonly byte[] _bytes;
        private readonly Span<byte> _buffer;
        private int _offset;

        public NameCursor(DirectoryPage page, int restart, Span<byte> buffer)
        {
            _bytes = page._bytes;
            _buffer = buffer;
            ReadOnlySpan<byte> first = page.RestartName(restart);
            first.CopyTo(buffer);
            Length = first.Length;
            _offset = page.RestartOffset(restart) + 1 + first.Length;
        }

        public int Length { get; private set; }

        public void MoveNext()
        {
            int shared = _bytes[_offset];
            int suffix = _bytes[_offset + 1];
            _bytes.AsSpan(_offset + 2, suffix).CopyTo(_buffer[shared..]);
            Length = shared + suffix;
            _offset += 2 + suffix;
        }
    }
}
