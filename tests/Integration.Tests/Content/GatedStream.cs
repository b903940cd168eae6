namespace Capstan.Integration.Tests;

/// <summary>Bytes that are read or written up to a point, where they wait for the test or fail.</summary>
internal sealed class GatedStream(byte[] bytes, int pauseAt = int.MaxValue, int failAt = int.MaxValue) : Stream
{
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _position;

    public byte[] Bytes => bytes;

    /// <summary>Completes when somebody waits at the gate.</summary>
    public Task Paused => _paused.Task;

    public void GoOn() => _goOn.TrySetResult();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => bytes.Length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await PassAsync(cancellationToken);
        int read = Math.Min(buffer.Length, bytes.Length - _position);
        bytes.AsMemory(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await PassAsync(cancellationToken);
        buffer.CopyTo(bytes.AsMemory(_position));
        _position += buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask PassAsync(CancellationToken cancellation)
    {
        if (_position >= failAt)
            throw new IOException("The source has failed.");
        if (_position < pauseAt)
            return;
        _paused.TrySetResult();
        await _goOn.Task.WaitAsync(cancellation);
    }
}
