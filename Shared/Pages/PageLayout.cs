using System.Buffers.Binary;
using System.Numerics;

namespace Capstan.Shared.Pages;

/// <summary>
/// Bytes of a page, the same in memory, in the shared cache and on the wire; little-endian:
/// <code>
///   0  u32 magic "CPG1"          4  u32 CRC-32C of all from 8 on
///   8  i64 epoch                16  u64 directory         24  i64 version
///  32  i64 rank of first entry  40  i64 total             48  u16 count   50 u8 flags (1 = last)   51 u8 classes
///  52  u8 x 5 column widths in bytes: ino, size, mtime, xattrs, content   57 u8 mtime unit (1, 10^3, 10^6, 10^9 ns)
///  64  i64 x 4 column bases: ino, size, mtime, content
///  96  classes: (mode, uid, gid, nlink) u32 each, one per distinct combination
///      class column (u8, absent with one class), then the five columns: base + unsigned value of that width
///      restart offsets u16, one per 16 names, from the start of the names
///      names: at a restart (length u8, bytes), otherwise (shared u8, suffix length u8, suffix)
/// </code>
/// Frame-of-reference columns keep every attribute addressable in one step, at the width that the page needs; front coding of names is as in LevelDB's blocks.
/// </summary>
internal static class PageLayout
{
    public const uint Magic = 0x31475043;
    public const int HeaderSize = 96;
    public const int ClassSize = 16;
    public const int RestartInterval = 16;
    public const int Columns = 5;
    public const byte LastFlag = 1;

    public static readonly long[] Units = [1, 1_000, 1_000_000, 1_000_000_000];

    public static uint Checksum(ReadOnlySpan<byte> page)
    {
        ReadOnlySpan<byte> rest = page[8..];
        uint crc = uint.MaxValue;
        for (; rest.Length >= 8; rest = rest[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        foreach (byte b in rest)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    public static int WidthOf(ulong span) => (BitOperations.Log2(span | 1) + 8) / 8 * (span == 0 ? 0 : 1);

    public static ulong ReadUnsigned(ReadOnlySpan<byte> column, int width, int index)
    {
        ReadOnlySpan<byte> at = column.Slice(index * width, width);
        return width switch
        {
            0 => 0,
            1 => at[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            8 => BinaryPrimitives.ReadUInt64LittleEndian(at),
            _ => ReadOdd(at),
        };
    }

    public static void WriteColumn(Span<byte> column, int width, ReadOnlySpan<ulong> values)
    {
        // A whole word each, whose upper bytes the next one overwrites; the last ones, behind which something else begins, byte by byte.
        int at = 0, i = 0;
        for (; i < values.Length && at + 8 <= column.Length; i++, at += width)
            BinaryPrimitives.WriteUInt64LittleEndian(column[at..], values[i]);
        for (; i < values.Length; i++)
        {
            ulong value = values[i];
            for (int end = at + width; at < end; at++, value >>= 8)
                column[at] = (byte)value;
        }
    }

    private static ulong ReadOdd(ReadOnlySpan<byte> at)
    {
        ulong value = 0;
        for (int i = at.Length - 1; i >= 0; i--)
            value = (value << 8) | at[i];
        return value;
    }
}
