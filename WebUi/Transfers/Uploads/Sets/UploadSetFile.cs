using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Microsoft.Win32.SafeHandles;

namespace Capstan.WebUi.Transfers.Uploads.Sets;

/// <summary>
/// What is kept of a set over a restart. A file's record is changed in place, one byte: what was written before the process was killed is there.
/// <code>
/// sets/ID.json   who, where to, since when, the first names, how many files there will be
/// sets/ID.set    32 bytes a file: key (16), size (8, little-endian), conflict rule (1), outcome (1), 0
/// sets/ID.folders   the folders of its list, in which nothing is: place and path a line; no browser is needed to make them
/// sets/ID.left   its page has been closed
/// </code>
/// The key is of path, size and time: a file that has changed since is another one.
/// </summary>
internal sealed class UploadSetFile : IDisposable
{
    private const int RecordLength = 32, SizeAt = 16, RuleAt = 24, OutcomeAt = 25;
    private const int NamesKept = 3;
    private const string FoldersExtension = ".folders";

    private readonly string _path;
    private readonly SafeFileHandle _records;

    private UploadSetFile(string path, Head head, SafeFileHandle records)
    {
        _path = path;
        About = head;
        _records = records;
    }

    internal sealed record Head(uint Uid, string Folder, DateTimeOffset Begun, string[] Names, bool HasFolders, bool HasFiles, uint Gid = uint.MaxValue, uint[]? Groups = null, int Announced = 0)
    {
        public Caller Caller => new(Uid, Gid, Groups ?? []);
    }

    public readonly record struct Record(UInt128 Key, long Size, ConflictRule Rule, UploadOutcome Outcome);

    public Head About { get; private set; }

    public bool IsLeft => File.Exists(_path + ".left");

    public DateTimeOffset WrittenAt => new(File.GetLastWriteTimeUtc(_path + ".set"), TimeSpan.Zero);

    public static UploadSetFile Create(string directory, string id, Caller caller, FilePath folder, DateTimeOffset now)
    {
        string path = Path.Combine(directory, id);
        Head head = new(caller.Uid, folder.ToUrlPath(), now, [], false, false, caller.Gid, [.. caller.Groups]);
        UploadSetFile file = new(path, head, Open(path, FileMode.Create));
        file.Save(head);
        return file;
    }

    /// <summary>Null when it is not whole.</summary>
    public static UploadSetFile? TryOpen(string directory, string id)
    {
        string path = Path.Combine(directory, id);
        if (!File.Exists(path + ".set") || JsonSerializer.Deserialize<Head>(File.ReadAllBytes(path + ".json")) is not { Folder: not null, Names: not null } head)
            return null;
        return new UploadSetFile(path, head, Open(path, FileMode.Open));
    }

    public static UInt128 KeyOf(UploadPlan plan)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{plan.Path.ToUrlPath()}\n{(plan.IsFolder ? -1 : plan.Length)}\n{plan.MtimeNs / 1_000_000}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <param name="announced">Files of the whole list. Written before the part is: a list that breaks off is known for one.</param>
    public void Append(int from, IReadOnlyList<UploadPlan> plans, int announced)
    {
        Head head = About with
        {
            Names = [.. About.Names.Concat(plans.Select(p => p.Path.Names[0].ToString())).Distinct().Take(NamesKept)],
            HasFolders = About.HasFolders || plans.Any(p => p.Path.Names.Count > 1 || p.IsFolder),
            HasFiles = About.HasFiles || plans.Any(p => p.Path.Names.Count == 1 && !p.IsFolder),
            Announced = announced,
        };
        if (head.HasFolders != About.HasFolders || head.HasFiles != About.HasFiles || head.Names.Length != About.Names.Length || head.Announced != About.Announced)
            Save(head);
        string[] folders = [.. plans.Select((plan, i) => (plan, At: from + i)).Where(p => p.plan.IsFolder).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.At} {p.plan.Path.ToUrlPath()}"))];
        if (folders.Length > 0)
            File.AppendAllLines(_path + FoldersExtension, folders);
        byte[] bytes = new byte[plans.Count * RecordLength];
        for (int i = 0; i < plans.Count; i++)
        {
            Span<byte> record = bytes.AsSpan(i * RecordLength, RecordLength);
            BinaryPrimitives.WriteUInt128LittleEndian(record, KeyOf(plans[i]));
            BinaryPrimitives.WriteInt64LittleEndian(record[SizeAt..], plans[i].Length);
            record[RuleAt] = (byte)plans[i].OnConflict;
        }
        RandomAccess.Write(_records, bytes, (long)from * RecordLength);
    }

    /// <summary>These are the files from there on.</summary>
    public bool Has(int from, IReadOnlyList<UploadPlan> plans)
    {
        Record[] records = Read();
        return from + plans.Count <= records.Length && plans.Select(KeyOf).SequenceEqual(records.Skip(from).Take(plans.Count).Select(r => r.Key));
    }

    /// <summary>Those that hold nothing, with their places. One of which the server died while it was listed may be there twice.</summary>
    public IReadOnlyList<(int At, string Path)> Folders()
    {
        if (!File.Exists(_path + FoldersExtension))
            return [];
        List<(int, string)> folders = [];
        foreach (string line in File.ReadLines(_path + FoldersExtension))
        {
            if (line.Split(' ') is [var at, var path] && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out int place))
                folders.Add((place, path));
        }
        return folders;
    }

    public Record[] Read()
    {
        byte[] bytes = new byte[RandomAccess.GetLength(_records) / RecordLength * RecordLength];
        for (int at = 0; at < bytes.Length && RandomAccess.Read(_records, bytes.AsSpan(at), at) is var read and > 0; at += read)
        {
        }
        Record[] records = new Record[bytes.Length / RecordLength];
        for (int i = 0; i < records.Length; i++)
        {
            ReadOnlySpan<byte> record = bytes.AsSpan(i * RecordLength, RecordLength);
            records[i] = new Record(
                BinaryPrimitives.ReadUInt128LittleEndian(record), BinaryPrimitives.ReadInt64LittleEndian(record[SizeAt..]), (ConflictRule)record[RuleAt], (UploadOutcome)record[OutcomeAt]);
        }
        return records;
    }

    public long SizeOf(int at)
    {
        Span<byte> size = stackalloc byte[sizeof(long)];
        RandomAccess.Read(_records, size, ((long)at * RecordLength) + SizeAt);
        return BinaryPrimitives.ReadInt64LittleEndian(size);
    }

    public void Write(int at, UploadOutcome outcome) => RandomAccess.Write(_records, [(byte)outcome], ((long)at * RecordLength) + OutcomeAt);

    public void MarkLeft(bool isLeft)
    {
        if (isLeft)
            File.WriteAllBytes(_path + ".left", []);
        else
            File.Delete(_path + ".left");
    }

    public void Delete()
    {
        Dispose();
        Delete(_path);
    }

    public static void Delete(string path)
    {
        foreach (string extension in new[] { ".json", ".set", FoldersExtension, ".left" })
            File.Delete(path + extension);
    }

    public void Dispose() => _records.Dispose();

    private void Save(Head head)
    {
        About = head;
        File.WriteAllBytes(_path + ".json.new", JsonSerializer.SerializeToUtf8Bytes(head));
        File.Move(_path + ".json.new", _path + ".json", overwrite: true);
    }

    private static SafeFileHandle Open(string path, FileMode mode) => File.OpenHandle(path + ".set", mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
