using System.Buffers.Binary;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>Numbers and bytes of a zip's headers, little-endian, one after the other.</summary>
internal sealed class ZipFields
{
    private readonly MemoryStream _bytes = new();

    public int Length => (int)_bytes.Length;

    public ReadOnlyMemory<byte> Bytes => _bytes.GetBuffer().AsMemory(0, Length);

    public ZipFields U16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)value));
        return Raw(bytes);
    }

    public ZipFields U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public ZipFields I64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public ZipFields Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }
}
