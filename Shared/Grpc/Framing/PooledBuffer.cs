using System.Buffers;

namespace Grpc.Core.Framing;

/// <summary>One contiguous pooled buffer, used again message after message; a large one goes back to the pool at once.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestSize = 4 * 1024;
    private const int LargestKept = 256 * 1024;

    private byte[] _buffer = [];
    private int _written;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _written);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_written);
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        _written = 0;
        if (_buffer.Length > LargestKept)
        {
            Return();
            _buffer = [];
        }
    }

    public void Dispose()
    {
        Return();
        _buffer = [];
        _written = 0;
    }

    private void Reserve(int size)
    {
        if (_buffer.Length - _written >= size)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestSize, Math.Max(_written + size, Math.Min(2 * _buffer.Length, LargestKept))));
        _buffer.AsSpan(0, _written).CopyTo(larger);
        Return();
        _buffer = larger;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
    }
}
