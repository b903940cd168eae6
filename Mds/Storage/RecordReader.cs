using System.Buffers.Binary;
using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. A record that ends early is damage.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    private ReadOnlySpan<byte> _rest = record;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        if (_rest.IsEmpty)
            throw Damaged();
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public ulong Varint()
    {
        ulong value = 0;
        ReadOnlySpan<byte> rest = _rest;
        for (int i = 0, shift = 0; i < rest.Length && shift < 64; i++, shift += 7)
        {
            byte b = rest[i];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                _rest = rest[(i + 1)..];
                return value;
            }
        }
        throw Damaged();
    }

    public long Zigzag()
    {
        ulong folded = Varint();
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    public long Fixed64()
    {
        if (_rest.Length < 8)
            throw Damaged();
        long value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    private static StoreException Damaged() => new(FsErrno.Io, "A record of the store is damaged.");
}
