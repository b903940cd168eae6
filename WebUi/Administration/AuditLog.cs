using System.Text.Encodings.Web;
using System.Text.Json;

namespace Capstan.WebUi.Administration;

/// <summary>What administrators have done, one JSON object a line, in <c>audit.jsonl</c> of the data directory. Each is on disk when it is told. Thread-safe.</summary>
public sealed class AuditLog
{
    private const int LinesShown = 1000;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly LinkedList<AuditEntry> _last = [];

    public AuditLog(string directory, TimeProvider time)
    {
        _time = time;
        Path = System.IO.Path.Combine(directory, "audit.jsonl");
        Directory.CreateDirectory(directory);
        if (!File.Exists(Path))
            return;
        foreach (string line in File.ReadLines(Path).TakeLast(LinesShown))
        {
            if (TryRead(line) is { } entry)
                _last.AddFirst(entry);
        }
    }

    public string Path { get; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _last];
        }
    }

    /// <param name="action">What is done, in words that say all that matters.</param>
    public void Write(uint uid, string action, string target, string outcome)
    {
        AuditEntry entry = new(_time.GetUtcNow(), uid, action, target, outcome);
        lock (_gate)
        {
            using (FileStream file = new(Path, FileMode.Append, FileAccess.Write, FileShare.Read))
            {
                file.Write(JsonSerializer.SerializeToUtf8Bytes(entry, Options));
                file.WriteByte((byte)'\n');
                file.Flush(flushToDisk: true);
            }
            _last.AddFirst(entry);
            if (_last.Count > LinesShown)
                _last.RemoveLast();
        }
    }

    /// <summary>A line that was cut off when the machine failed is left out.</summary>
    private static AuditEntry? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditEntry>(line, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

public sealed record AuditEntry(DateTimeOffset At, uint Uid, string Action, string Target, string Outcome);
