using System.Buffers.Binary;
using System.Numerics;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>
/// One job on disk: its record, made durable before the job is accepted, and notes behind it. Notes reach the file five times a second, those that must not be lost with the
/// process at once; a tail that was torn by a crash is not read. Thread-safe.
/// <code>
/// frame   length (4)  CRC-32C of the bytes (4)  bytes
/// </code>
/// </summary>
internal sealed class JobFile : IJobNotes
{
    private readonly Lock _lock = new();
    private readonly MemoryStream _waiting = new();
    private readonly MemoryStream _note = new();
    private readonly BinaryWriter _toNote;
    private readonly JobJournal _journal;
    private string _path;
    private FileStream? _file;
    private bool _isOver;
    private bool _hasEnded;

    private JobFile(JobJournal journal, string path, FileStream? file)
    {
        _toNote = new BinaryWriter(_note);
        _journal = journal;
        _path = path;
        _file = file;
    }

    /// <summary>Whoever made an entry in the session before: what is over, and what was answered. Empty for a new job.</summary>
    public IReadOnlyList<JobNote> Notes { get; private init; } = [];

    /// <summary>An earlier process has begun it.</summary>
    public bool IsOfEarlier { get; private init; }

    /// <summary>Its name.</summary>
    public long Number => Convert.ToInt64(Path.GetFileNameWithoutExtension(_path), 16);

    /// <param name="notes">On disk together with the record, or not at all.</param>
    public static JobFile Create(JobJournal journal, string path, JobRecord record, IEnumerable<JobNote> notes)
    {
        string fresh = path + ".new";
        using (FileStream file = new(fresh, FileMode.Create, FileAccess.Write))
        {
            WriteFrame(file, JobCodec.Encode(record));
            using MemoryStream bytes = new();
            using BinaryWriter to = new(bytes);
            foreach (JobNote note in notes)
            {
                bytes.SetLength(0);
                JobCodec.Write(to, note);
                WriteFrame(file, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path);
        return new JobFile(journal, path, Append(path));
    }

    /// <summary>Null when there is no whole record in it.</summary>
    public static (JobFile File, JobRecord Record)? Open(JobJournal journal, string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = 0;
        if (ReadFrame(bytes, ref at) is not { } first || JobCodec.Decode(first) is not { } record)
            return null;
        List<JobNote> notes = [];
        int end = at;
        while (ReadFrame(bytes, ref at) is { } frame)
        {
            notes.Add(JobCodec.DecodeNote(frame));
            end = at;
        }
        if (path.EndsWith(JobJournal.EndedExtension, StringComparison.Ordinal))
            return (new JobFile(journal, path, null) { Notes = notes, IsOfEarlier = true, _hasEnded = true }, record);
        FileStream file = Append(path);
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        return (new JobFile(journal, path, file) { Notes = notes, IsOfEarlier = true }, record);
    }

    /// <summary>Adds a note in memory; it may be lost with the process.</summary>
    public void Note(in JobNote note)
    {
        lock (_lock)
        {
            if (_isOver || _hasEnded)
                return;
            _note.SetLength(0);
            JobCodec.Write(_toNote, note);
            WriteFrame(_waiting, _note.GetBuffer().AsSpan(0, (int)_note.Length));
        }
    }

    public void Done(InodeId ino) => Note(new JobNote(JobNoteKind.Done) { Ino = ino });

    public void Missing(InodeId ino) => Note(new JobNote(JobNoteKind.Failed) { Ino = ino });

    public void Paused(bool isPaused) => NoteNow(new JobNote(JobNoteKind.Paused) { Value = isPaused ? 1 : 0 }, durably: false);

    public void Cancelled() => NoteNow(new JobNote(JobNoteKind.Cancelled), durably: true);

    public void UndoWanted() => NoteNow(new JobNote(JobNoteKind.UndoWanted), durably: true);

    public void Trashed(TrashPlace place) => Note(TransferRecord.Of(JobNoteKind.Trashed, place));

    // Not on the caller's time: it may hold the gateway's lock.
    void IJobNotes.Over() => _ = Task.Run(Over);

    void IJobNotes.Ended(OperationJob job)
    {
        JobEnd end = JobEnd.Of(job);
        _ = Task.Run(() => Ended(end));
    }

    /// <summary>Adds a note that outlives the process, and <paramref name="durably"/> the machine.</summary>
    public void NoteNow(in JobNote note, bool durably)
    {
        Note(note);
        Flush(durably);
    }

    public void Flush(bool durably = false)
    {
        lock (_lock)
        {
            if (_file is null || _isOver || _journal.IsStopped)
                return;
            try
            {
                if (_waiting.Length > 0)
                {
                    _file.Write(_waiting.GetBuffer(), 0, (int)_waiting.Length);
                    _waiting.SetLength(0);
                    _file.Flush();
                }
                if (durably)
                    _file.Flush(flushToDisk: true);
            }
            catch (IOException e)
            {
                _journal.Failed(e);
            }
        }
    }

    /// <summary>The job has come to its end; from here on the file is there for its undo.</summary>
    public void Ended(JobEnd end)
    {
        NoteNow(new JobNote(JobNoteKind.Ended) { End = end }, durably: false);
        long length = 0;
        lock (_lock)
        {
            if (_isOver || _hasEnded || _file is null || _journal.IsStopped)
                return;
            _hasEnded = true;
            length = _file.Length;
            _file.Dispose();
            _file = null;
            try
            {
                string ended = Path.ChangeExtension(_path, JobJournal.EndedExtension);
                File.Move(_path, ended);
                _path = ended;
            }
            catch (IOException e)
            {
                _journal.Failed(e);
            }
        }
        _journal.Keep(this, length);
    }

    /// <summary>What an earlier process has kept for an undo stays kept.</summary>
    public void Keep() => _journal.Keep(this, new FileInfo(_path).Length);

    /// <summary>The job has come to its end, or was given up: nothing is left to be done again.</summary>
    public void Over()
    {
        lock (_lock)
        {
            if (_isOver || _journal.IsStopped)
                return;
            _isOver = true;
            _file?.Dispose();
            _file = null;
            try
            {
                File.Delete(_path);
            }
            catch (IOException e)
            {
                _journal.Failed(e);
            }
        }
        _journal.Forget(this);
    }

    /// <summary>The program ends; the job goes on after the next start.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private static FileStream Append(string path) => new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    private static void WriteFrame(Stream to, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Crc(bytes));
        to.Write(head);
        to.Write(bytes);
    }

    private static byte[]? ReadFrame(byte[] bytes, ref int at)
    {
        if (bytes.Length - at < 8)
            return null;
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
        if (length <= 0 || length > bytes.Length - at - 8)
            return null;
        byte[] frame = bytes[(at + 8)..(at + 8 + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4)) != Crc(frame))
            return null;
        at += 8 + length;
        return frame;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
