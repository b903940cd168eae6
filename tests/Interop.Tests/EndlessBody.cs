using System.Buffers.Binary;

namespace Capstan.Interop.Tests;

/// <summary>A response body that declares one huge message and delivers zeros as long as somebody takes them.</summary>
internal sealed class EndlessBody(int declared) : Stream
{
    public long Taken { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Taken; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Span<byte> header = stackalloc byte[5];
        BinaryPrimitives.WriteInt32BigEndian(header[1..], declared);
        for (int i = 0; i < count; i++)
            buffer[offset + i] = Taken + i < header.Length ? header[(int)Taken + i] : (byte)0;
        Taken += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
