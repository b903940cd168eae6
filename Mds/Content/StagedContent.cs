using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Content;

/// <summary>Bytes on their way in, under a name that nothing shows. One writer.</summary>
public sealed class StagedContent : IDisposable
{
    private readonly SafeFileHandle _handle;
    private string? _path;

    internal StagedContent(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, Length);
            Length += bytes.Length;
        }
        catch (IOException failure)
        {
            throw Disk.Translate(failure);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await RandomAccess.WriteAsync(_handle, bytes, Length, cancellation).ConfigureAwait(false);
            Length += bytes.Length;
        }
        catch (IOException failure)
        {
            throw Disk.Translate(failure);
        }
    }

    internal void CopyFrom(Stream source)
    {
        byte[] buffer = new byte[128 * 1024];
        while (source.Read(buffer) is var read and > 0)
            Write(buffer.AsSpan(0, read));
    }

    internal void FlushToDisk() => RandomAccess.FlushToDisk(_handle);

    internal void MoveTo(string path)
    {
        File.Move(_path ?? throw new InvalidOperationException("Published already."), path, overwrite: true);
        _path = null;
        _handle.Dispose();
    }

    public void Dispose()
    {
        _handle.Dispose();
        if (_path is { } path)
            File.Delete(path);
        _path = null;
    }
}
