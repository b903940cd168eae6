using System.Security.Cryptography;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>Passes bytes on and, at their end, throws <see cref="InvalidDataException"/> when they are not those that were announced: whoever stores them stops short of it.</summary>
/// <param name="sha256">Null: passed on unchecked.</param>
internal sealed class HashedStream(Stream source, byte[]? sha256) : Stream
{
    private readonly IncrementalHash? _hash = sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await source.ReadAsync(buffer, cancellationToken);
        if (_hash is null)
            return read;
        if (read > 0)
            _hash.AppendData(buffer.Span[..read]);
        else if (!CryptographicOperations.FixedTimeEquals(_hash.GetCurrentHash(), sha256))
            throw new InvalidDataException("The checksum is not that of the bytes.");
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash?.Dispose();
        base.Dispose(disposing);
    }
}
