using Capstan.Mds.Storage;
using Capstan.Shared;
using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Content;

/// <summary>Reads what an inode shows: the bytes that are stored, then zeros up to its size. Any number of reads at once.</summary>
public sealed class ContentReader : IDisposable
{
    private readonly SafeFileHandle? _file;
    private readonly long _stored;

    internal ContentReader(ContentExtent extent, SafeFileHandle? file)
    {
        _file = file;
        _stored = extent.Stored;
        Size = extent.Size;
    }

    public long Size { get; }

    /// <summary>How many bytes it put into <paramref name="buffer"/>; 0 at the end. Fewer than asked only at the end.</summary>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int wanted = (int)Math.Min(buffer.Length, Math.Max(0, Size - offset));
        int stored = (int)Math.Min(wanted, Math.Max(0, _stored - offset));
        int done = 0;
        try
        {
            while (done < stored)
            {
                int read = await RandomAccess.ReadAsync(_file!, buffer[done..stored], offset + done, cancellation).ConfigureAwait(false);
                if (read == 0)
                    throw TooShort();
                done += read;
            }
        }
        catch (IOException failure)
        {
            throw Disk.Translate(failure);
        }
        buffer.Span[stored..wanted].Clear();
        return wanted;
    }

    /// <inheritdoc cref="ReadAsync"/>
    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int wanted = (int)Math.Min(buffer.Length, Math.Max(0, Size - offset));
        int stored = (int)Math.Min(wanted, Math.Max(0, _stored - offset));
        for (int done = 0; done < stored;)
            done += ReadFile(offset + done, buffer[done..stored]);
        buffer[stored..wanted].Clear();
        return wanted;
    }

    private int ReadFile(long offset, Span<byte> buffer)
    {
        try
        {
            int read = RandomAccess.Read(_file!, buffer, offset);
            return read > 0 ? read : throw TooShort();
        }
        catch (IOException failure)
        {
            throw Disk.Translate(failure);
        }
    }

    private static StoreException TooShort() => new(FsErrno.Io, "A content file is shorter than its inode says.");

    public void Dispose() => _file?.Dispose();
}
