using System.Collections.Concurrent;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Uploads;

namespace Capstan.WebUi.Transfers.Uploads.Sets;

/// <summary>Every upload set that is not finished, kept beside the partial files, and those that have ended in this process.</summary>
internal sealed partial class UploadSets : IUploadLog
{
    private const int MostOfOne = 200;
    private const int EndedKept = 50;

    private readonly ConcurrentDictionary<string, UploadSet> _sets = [];
    private readonly UploadStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<UploadSets> _logger;
    private readonly string _directory;
    private long _counter;

    public UploadSets(CapstanOptions options, UploadStore store, TimeProvider time, ILogger<UploadSets> logger)
    {
        (_store, _time, _logger) = (store, time, logger);
        _directory = Path.Combine(Path.GetFullPath(options.Data), "uploads", "sets");
        Load();
    }

    public long ChangeCounter => Interlocked.Read(ref _counter);

    public IReadOnlyList<UploadSetSnapshot> Sets() =>
        [.. _sets.Values.Where(s => s.Count > 0).Select(s => s.Snapshot(Arrived)).OrderBy(s => s.State == UploadSetState.Finished).ThenBy(s => s.Age)];

    public IEnumerable<UploadSet> Unfinished => _sets.Values.Where(s => !s.HasEnded);

    public void Pause(string id) => _sets.GetValueOrDefault(id)?.WantPause(true);

    public void Resume(string id) => _sets.GetValueOrDefault(id)?.WantPause(false);

    public void Cancel(string id)
    {
        if (!_sets.TryGetValue(id, out UploadSet? set) || set.HasEnded)
            return;
        bool isThere = set.Snapshot(Arrived).State != UploadSetState.Interrupted;
        End(set);
        // What nobody sends any more is given up for good, and nobody has to be told.
        if (!isThere)
            Dismiss(id);
    }

    public void Dismiss(string id)
    {
        if (!_sets.TryGetValue(id, out UploadSet? set))
            return;
        EndIfWhole(set);
        if (set.HasEnded && _sets.TryRemove(id, out _))
            Changed();
    }

    /// <summary>Null when there is none, or it is somebody else's.</summary>
    public UploadSet? Find(string? id, uint uid) => id is not null && _sets.TryGetValue(id, out UploadSet? set) && set.Uid == uid ? set : null;

    /// <summary>The set of a new id; null when there is one already, or there are too many.</summary>
    public UploadSet? TryBegin(string id, Caller caller, FilePath folder)
    {
        uint uid = caller.Uid;
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower) || _sets.Values.Count(s => s.Uid == uid && !s.HasEnded) >= MostOfOne)
            return null;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_directory);
        else
            Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        UploadSet set = new(id, UploadSetFile.Create(_directory, id, caller, folder, _time.GetUtcNow()), _time, Changed);
        return _sets.TryAdd(id, set) ? set : null;
    }

    /// <summary>Stores a file that has arrived whole: once, if it belongs to a set.</summary>
    public async Task<Placed> PlaceAsync(UploadPlan plan, Func<bool, Task<Placed>> place)
    {
        if (Find(plan.Set, plan.Uid) is not { HasEnded: false } set)
            return await place(false);
        return await set.PlaceOnceAsync(plan, place);
    }

    /// <summary>Called when its browser knows of the last of its files: until then it may ask again what became of them.</summary>
    public void EndIfWhole(UploadSet set)
    {
        if (set is { HasEnded: false, IsWhole: true })
            End(set);
    }

    /// <summary>Drops sets of which nobody has heard for as long as uploads are kept.</summary>
    public int DeleteExpired()
    {
        UploadSet[] expired = [.. _sets.Values.Where(s => !s.HasEnded && _time.GetUtcNow() - s.LastSign > (s.IsWhole ? TimeSpan.FromHours(1) : UploadStore.Lifetime))];
        foreach (UploadSet set in expired)
        {
            End(set);
            Dismiss(set.Id);
        }
        return expired.Length;
    }

    private void End(UploadSet set)
    {
        set.End();
        foreach (string upload in set.Partial)
        {
            _store.Delete(upload);
            set.RemovePartial(upload);
        }
        foreach (UploadSetSnapshot oldest in Sets().Where(s => s.State == UploadSetState.Finished).Skip(EndedKept))
            Dismiss(oldest.Id);
        Changed();
    }

    private long Arrived(string upload)
    {
        try
        {
            return _store.OffsetOf(upload);
        }
        catch (FileNotFoundException)
        {
            return 0; // Stored or dropped in this moment.
        }
    }

    private void Load()
    {
        if (!Directory.Exists(_directory))
            return;
        foreach (string id in Directory.EnumerateFiles(_directory, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!))
        {
            try
            {
                if (UploadSetFile.TryOpen(_directory, id) is { } file)
                    _sets[id] = new UploadSet(id, file, _time, Changed);
                else
                    UploadSetFile.Delete(Path.Combine(_directory, id));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
            {
                LogUnreadable(e, id);
            }
        }
        foreach ((string upload, UploadPlan plan) in _store.All())
        {
            if (Find(plan.Set, plan.Uid) is { } set)
                set.AddPartial(upload, plan.At);
        }
    }

    private void Changed() => Interlocked.Increment(ref _counter);

    [LoggerMessage(5213, LogLevel.Warning, "The upload set {Id} cannot be read; its files are known one by one only.")]
    private partial void LogUnreadable(Exception e, string id);
}
