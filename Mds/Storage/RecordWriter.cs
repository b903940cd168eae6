using System.Buffers.Binary;

namespace Capstan.Mds.Storage;

/// <summary>Builds a packed record in a buffer that is used again and again.</summary>
internal sealed class RecordWriter
{
    private byte[] _buffer = new byte[512];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        Room(1);
        _buffer[_length++] = value;
    }

    /// <summary>Seven bits a byte, lowest first, the top bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[_length++] = (byte)value;
    }

    /// <summary>A signed number folded so that small ones of either sign are short.</summary>
    public void Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed64(long value)
    {
        Room(8);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Room(int more)
    {
        if (_buffer.Length - _length < more)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
    }
}
