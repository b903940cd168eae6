using System.IO.Compression;
using System.Text.Unicode;
using Capstan.Shared;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>
/// Writes a zip (APPNOTE 6.3) as a stream, without knowing what comes next. What ZipArchive does not do for us: names are
/// the bytes that they are, marked as UTF-8 when they are; times are exact to the second and in UTC; a file beyond 4 GiB says so in its own
/// header, so that readers of streams can follow; and the directory at the end is kept compressed, some 40 bytes an entry.
/// <code>
/// local header, content, sizes and checksum   an entry, over and over
/// central directory                           what readers use to find the entries
/// end records                                 in 64 bits when the numbers need it
/// </code>
/// </summary>
internal sealed class ZipWriter : IDisposable
{
    /// <summary>Deflate can make things larger by some bytes.</summary>
    private const long LargeFrom = 0xF000_0000;

    private const int NeedsZip64 = 45;
    private const int MadeByUnix = (3 << 8) | NeedsZip64;
    private const int FlagSizesFollow = 1 << 3;
    private const int FlagUtf8 = 1 << 11;
    private const int Stored = 0;
    private const int Deflated = 8;

    private readonly Stream _destination;
    private readonly MemoryStream _packedDirectory = new();
    private readonly DeflateStream _directory;
    private long _directoryLength;
    private long _position;
    private long _count;

    public ZipWriter(Stream destination)
    {
        _destination = destination;
        _directory = new DeflateStream(_packedDirectory, CompressionLevel.Fastest, leaveOpen: true);
    }

    /// <summary>A folder, a symlink with its target, or a small file.</summary>
    public async Task AddAsync(ZipEntry entry, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Written written = new(_position, Crc32.Append(0, content.Span), content.Length, content.Length, IsLarge: false);
        await WriteAsync(LocalHeader(entry, Stored, written).Bytes, cancellation);
        await WriteAsync(content, cancellation);
        Remember(entry, Stored, written);
    }

    /// <summary>A file whose content comes in pieces. Its header is written with the first: until then a failure leaves no trace of it.</summary>
    public async Task<FsErrno> AddAsync(ZipEntry entry, Func<Stream, Task<FsErrno>> write, CancellationToken cancellation)
    {
        ZipContent content = new(this, entry);
        FsErrno errno = await write(content);
        if (errno != FsErrno.Ok && !content.HasBegun)
            return errno;
        if (errno != FsErrno.Ok)
            throw new IOException($"A file could not be read to its end: {errno}.");
        await content.EndAsync(cancellation);
        return FsErrno.Ok;
    }

    public async Task FinishAsync(CancellationToken cancellation)
    {
        await _directory.DisposeAsync();
        long start = _position;
        _packedDirectory.Position = 0;
        await using (DeflateStream unpacked = new(_packedDirectory, CompressionMode.Decompress, leaveOpen: true))
            await unpacked.CopyToAsync(_destination, cancellation);
        _position += _directoryLength;

        ZipFields end = new();
        bool isLarge = _count >= ushort.MaxValue || _directoryLength >= uint.MaxValue || start >= uint.MaxValue;
        if (isLarge)
            end.U32(0x06064b50).I64(44).U16(MadeByUnix).U16(NeedsZip64).U32(0).U32(0).I64(_count).I64(_count).I64(_directoryLength).I64(start)
                .U32(0x07064b50).U32(0).I64(_position).U32(1);
        int shown = (int)Math.Min(_count, ushort.MaxValue);
        end.U32(0x06054b50).U16(0).U16(0).U16(shown).U16(shown).U32(Short(_directoryLength)).U32(Short(start)).U16(0);
        await WriteAsync(end.Bytes, cancellation);
        await _destination.FlushAsync(cancellation);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _packedDirectory.Dispose();
    }

    private readonly record struct Written(long Offset, uint Crc, long Packed, long Size, bool IsLarge);

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _destination.WriteAsync(bytes, cancellation);
        _position += bytes.Length;
    }

    private static ZipFields LocalHeader(ZipEntry entry, int method, Written written)
    {
        byte[] path = PathOf(entry);
        ZipFields extra = new();
        if (written.IsLarge)
            extra.U16(0x0001).U16(16).I64(0).I64(0);
        AddTime(extra, entry);
        return new ZipFields().U32(0x04034b50).U16(written.IsLarge ? NeedsZip64 : 20).U16(FlagsOf(path, method)).U16(method).U32(DosTime(entry))
            .U32(written.Crc).U32(written.IsLarge ? uint.MaxValue : (uint)written.Packed).U32(written.IsLarge ? uint.MaxValue : (uint)written.Size)
            .U16(path.Length).U16(extra.Length).Raw(path).Raw(extra.Bytes.Span);
    }

    private void Remember(ZipEntry entry, int method, Written written)
    {
        byte[] path = PathOf(entry);
        ZipFields extra = new();
        bool isLarge = written.Size >= uint.MaxValue || written.Packed >= uint.MaxValue;
        if (isLarge || written.Offset >= uint.MaxValue)
        {
            extra.U16(0x0001).U16((isLarge ? 16 : 0) + (written.Offset >= uint.MaxValue ? 8 : 0));
            if (isLarge)
                extra.I64(written.Size).I64(written.Packed);
            if (written.Offset >= uint.MaxValue)
                extra.I64(written.Offset);
        }
        AddTime(extra, entry);
        ZipFields record = new ZipFields().U32(0x02014b50).U16(MadeByUnix).U16(written.IsLarge || extra.Length > 9 ? NeedsZip64 : 20).U16(FlagsOf(path, method)).U16(method).U32(DosTime(entry))
            .U32(written.Crc).U32(isLarge ? uint.MaxValue : (uint)written.Packed).U32(isLarge ? uint.MaxValue : (uint)written.Size)
            .U16(path.Length).U16(extra.Length).U16(0).U16(0).U16(0).U32((entry.Mode << 16) | (entry.Kind == FileKind.Directory ? 0x10u : 0)).U32(Short(written.Offset))
            .Raw(path).Raw(extra.Bytes.Span);
        _directory.Write(record.Bytes.Span);
        _directoryLength += record.Length;
        _count++;
    }

    private static byte[] PathOf(ZipEntry entry) => entry.Kind == FileKind.Directory ? [.. entry.Path, (byte)'/'] : entry.Path;

    private static int FlagsOf(byte[] path, int method) => (Utf8.IsValid(path) ? FlagUtf8 : 0) | (method == Deflated ? FlagSizesFollow : 0);

    private static uint Short(long value) => (uint)Math.Min(value, uint.MaxValue);

    /// <summary>"Extended timestamp": seconds since 1970, while they fit.</summary>
    private static void AddTime(ZipFields extra, ZipEntry entry)
    {
        long seconds = Math.DivRem(entry.MtimeNs, 1_000_000_000, out long rest) - (rest < 0 ? 1 : 0);
        if (seconds is >= int.MinValue and <= int.MaxValue)
            extra.U16(0x5455).U16(5).Raw([1]).U32(unchecked((uint)(int)seconds));
    }

    /// <summary>Two-second steps from 1980 to 2107, in no time zone; ours are in UTC.</summary>
    private static uint DosTime(ZipEntry entry)
    {
        DateTime time = ViewModels.TimeText.FromNs(entry.MtimeNs).UtcDateTime;
        if (time.Year < 1980)
            return (1 << 21) | (1 << 16);
        uint date = ((uint)Math.Min(time.Year - 1980, 127) << 9) | ((uint)time.Month << 5) | (uint)time.Day;
        return (date << 16) | ((uint)time.Hour << 11) | ((uint)time.Minute << 5) | ((uint)time.Second / 2);
    }

    /// <summary>Takes the bytes of one file: counts, sums, packs.</summary>
    private sealed class ZipContent(ZipWriter owner, ZipEntry entry) : WriteOnlyStream
    {
        private readonly bool _isLarge = entry.Size >= LargeFrom;
        private DeflateStream? _packer;
        private long _offset;
        private long _begin;
        private uint _crc;
        private long _size;

        public bool HasBegun => _packer is not null;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty)
                return;
            DeflateStream packer = _packer ?? await BeginAsync(cancellationToken);
            _crc = Crc32.Append(_crc, buffer.Span);
            _size += buffer.Length;
            await packer.WriteAsync(buffer, cancellationToken);
        }

        public async Task EndAsync(CancellationToken cancellation)
        {
            await (_packer ?? await BeginAsync(cancellation)).DisposeAsync();
            long packed = owner._position - _begin;
            if (!_isLarge && (_size >= uint.MaxValue || packed >= uint.MaxValue))
                throw new IOException("A file has grown beyond 4 GiB while it was read.");
            ZipFields sizes = new ZipFields().U32(0x08074b50).U32(_crc);
            await owner.WriteAsync((_isLarge ? sizes.I64(packed).I64(_size) : sizes.U32((uint)packed).U32((uint)_size)).Bytes, cancellation);
            owner.Remember(entry, Deflated, new Written(_offset, _crc, packed, _size, _isLarge));
        }

        private async Task<DeflateStream> BeginAsync(CancellationToken cancellation)
        {
            _offset = owner._position;
            await owner.WriteAsync(LocalHeader(entry, Deflated, new Written(_offset, 0, 0, 0, _isLarge)).Bytes, cancellation);
            _begin = owner._position;
            _packer = new DeflateStream(new Counted(owner), entry.IsPacked ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
            return _packer;
        }
    }

    /// <summary>What the packer gives goes where everything goes, and counts.</summary>
    private sealed class Counted(ZipWriter owner) : WriteOnlyStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => owner.WriteAsync(buffer, cancellationToken);
    }
}
