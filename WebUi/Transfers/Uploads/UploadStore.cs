using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers.Uploads;

internal enum AppendOutcome
{
    Appended,

    /// <summary>Another request is writing to it.</summary>
    Busy,

    /// <summary>It does not reach to where the bytes are to go, or beyond.</summary>
    WrongOffset,

    /// <summary>The bytes are not those that were sent: they are taken back.</summary>
    WrongChecksum,

    /// <summary>More than was announced: none of it is taken.</summary>
    TooLong,
}

/// <summary>
/// Uploads that are not complete yet, beside the data: bytes in one file, the plan in another, both found again after a restart.
/// The length of the first is the offset that tus speaks of, unless the last bytes are still to be checked: then it is in the third. One that nobody continues for a week
/// is dropped.
/// <code>
/// uploads/ID.json    the plan
/// uploads/ID.part    what has arrived
/// uploads/ID.piece   while a piece arrives that came with a checksum, and after a crash in it: where it begins (8 bytes, little-endian)
/// </code>
/// </summary>
internal sealed class UploadStore(CapstanOptions options, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly string _directory = Path.Combine(Path.GetFullPath(options.Data), "uploads");

    private sealed record Saved(string Folder, string Path, bool IsFolder, long Length, long? MtimeNs, ConflictRule OnConflict, uint Uid, string? Set = null, int At = 0);

    public string Create(UploadPlan plan)
    {
        MakeDirectory();
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        using (File.Create(Bytes(id)))
        {
        }
        File.WriteAllBytes(Plan(id) + ".new", JsonSerializer.SerializeToUtf8Bytes(
            new Saved(plan.Folder.ToUrlPath(), plan.Path.ToUrlPath(), plan.IsFolder, plan.Length, plan.MtimeNs, plan.OnConflict, plan.Uid, plan.Set, plan.At)));
        File.Move(Plan(id) + ".new", Plan(id));
        return id;
    }

    /// <summary>Null when there is none, or it is somebody else's.</summary>
    public UploadPlan? Find(string id, uint uid)
    {
        // The id names a file: nothing but what we give out.
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower) || !File.Exists(Plan(id)) || !File.Exists(Bytes(id)))
            return null;
        return Read(id) is { } plan && plan.Uid == uid ? plan : null;
    }

    /// <summary>Everybody's.</summary>
    public IEnumerable<(string Id, UploadPlan Plan)> All()
    {
        if (!Directory.Exists(_directory))
            yield break;
        foreach (string id in Directory.EnumerateFiles(_directory, "*.part").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(id => File.Exists(Plan(id))))
        {
            if (Read(id) is { } plan)
                yield return (id, plan);
        }
    }

    public bool IsThere(string id) => File.Exists(Bytes(id));

    /// <summary>Of bytes that are as they were sent: those of a piece count when its checksum has been found right.</summary>
    public long OffsetOf(string id) => Unchecked(id) ?? new FileInfo(Bytes(id)).Length;

    public DateTimeOffset ExpiryOf(string id) => new DateTimeOffset(File.GetLastWriteTimeUtc(Bytes(id))) + Lifetime;

    public FileStream OpenRead(string id) => new(Bytes(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    /// <summary>What arrives before the sender breaks off is kept, unless it came with a checksum, which it then cannot match.</summary>
    /// <param name="sha256">Of all bytes of <paramref name="source"/>; null: not checked.</param>
    public async Task<AppendOutcome> AppendAsync(string id, long offset, long length, Stream source, byte[]? sha256, CancellationToken cancellation)
    {
        FileStream? file = TryOpen(id);
        if (file is null)
            return AppendOutcome.Busy;
        await using (file)
        {
            if (Unchecked(id) is { } begin)
            {
                // The process died in the middle of a piece: nobody knows whether its bytes are right.
                file.SetLength(Math.Min(begin, file.Length));
                File.Delete(Piece(id));
            }
            if (file.Length != offset)
                return AppendOutcome.WrongOffset;
            if (sha256 is not null)
                BeginPiece(id, offset);
            file.Position = offset;
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            bool isWhole = false, isTooLong = false;
            try
            {
                byte[] buffer = new byte[128 * 1024];
                while (await source.ReadAsync(buffer, cancellation) is var read and > 0)
                {
                    isTooLong = file.Position + read > length;
                    if (isTooLong)
                        return AppendOutcome.TooLong;
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
                }
                isWhole = sha256 is null || CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), sha256);
                return isWhole ? AppendOutcome.Appended : AppendOutcome.WrongChecksum;
            }
            finally
            {
                await file.FlushAsync(CancellationToken.None);
                if (isTooLong || (sha256 is not null && !isWhole))
                    file.SetLength(offset);
                if (sha256 is not null)
                    File.Delete(Piece(id));
            }
        }
    }

    public void Delete(string id)
    {
        File.Delete(Plan(id));
        File.Delete(Bytes(id));
        File.Delete(Piece(id));
    }

    /// <summary>Drops what nobody has continued for too long, and what a crash has left without its other half.</summary>
    public int DeleteExpired()
    {
        int deleted = 0;
        if (!Directory.Exists(_directory))
            return deleted;
        foreach (string file in Directory.EnumerateFiles(_directory))
        {
            if (time.GetUtcNow() - File.GetLastWriteTimeUtc(file) < Lifetime || (file.EndsWith(".json", StringComparison.Ordinal) && File.Exists(Path.ChangeExtension(file, ".part"))))
                continue;
            File.Delete(file);
            File.Delete(Path.ChangeExtension(file, ".json"));
            deleted++;
        }
        return deleted;
    }

    /// <summary>Where the piece begins that is arriving, or was when the process died. Null when all that is there counts.</summary>
    private long? Unchecked(string id)
    {
        try
        {
            // Torn with the machine: nothing counts then.
            return BinaryPrimitives.TryReadInt64LittleEndian(File.ReadAllBytes(Piece(id)), out long begin) ? begin : 0;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private void BeginPiece(string id, long offset)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, offset);
        File.WriteAllBytes(Piece(id) + ".new", bytes);
        File.Move(Piece(id) + ".new", Piece(id));
    }

    private UploadPlan? Read(string id)
    {
        Saved? saved = JsonSerializer.Deserialize<Saved>(File.ReadAllBytes(Plan(id)));
        return saved is not null && FilePath.TryParse(saved.Folder, out FilePath folder) && FilePath.TryParse(saved.Path, out FilePath path)
            ? new UploadPlan(folder, path, saved.IsFolder, saved.Length, saved.MtimeNs, saved.OnConflict, saved.Uid) { Set = saved.Set, At = saved.At }
            : null;
    }

    private FileStream? TryOpen(string id)
    {
        try
        {
            return new FileStream(Bytes(id), FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return null; // Shared with nobody: another request has it.
        }
    }

    private void MakeDirectory()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_directory);
        else
            Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Plan(string id) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{id}.json"));

    private string Piece(string id) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{id}.piece"));

    private string Bytes(string id) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{id}.part"));
}
