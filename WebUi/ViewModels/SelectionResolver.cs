using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// Turns a selection into the entries it means: names with their inodes, as read from the view. Reads in chunks and lets the
/// circuit breathe between them.
/// </summary>
/// <remarks>
/// While it reads, rows come and go:
/// 1. The next chunk starts at the rank after the last name read, moved by every change since. So no row is skipped.
/// 2. What is read is kept by name and inode, and a row is taken once, since names only grow.
/// 3. At the end the changes are followed up to a moment after the last read, and what the selection does not contain any more
///    (gone, or come to be another inode) is left out. What came meanwhile was never in the selection.
/// </remarks>
internal sealed class SelectionResolver : IDisposable
{
    private const int Chunk = 1000;
    private const int Load = 50_000;
    private const int MostAtOnce = 1_000_000;

    private readonly DirectoryViewModel _directory;
    private readonly EntryList _entries = new();
    private readonly HashSet<FileName> _gone = [];
    private RowBound _next;
    private long _rank;

    public SelectionResolver(DirectoryViewModel directory)
    {
        _directory = directory;
        _directory.Changed += Follow;
    }

    /// <summary>Entries found so far.</summary>
    public int Found => _entries.Count;

    public async Task<FsResult<IReadOnlyList<DirectoryEntry>>> ResolveAsync(Action? progress, CancellationToken cancellation)
    {
        _directory.Sync();
        if (_directory.Chosen is { } chosen)
            return FsResult.Of(chosen.Resolve());
        _entries.EnsureCapacity((int)Math.Min(_directory.Ranges.Count, MostAtOnce));
        RowBound after = RowBound.Start;
        while (NextRange(after) is { } range)
        {
            _next = range.From;
            _rank = range.First;
            after = range.To;
            FsErrno errno = await ReadRangeAsync(range.To, range.Past, progress, cancellation);
            if (errno != FsErrno.Ok)
                return errno;
        }

        _directory.Sync();
        _entries.RemoveAll(e => _gone.Contains(e.Name) || !_directory.Ranges.Contains(e));
        return _entries;
    }

    public void Dispose() => _directory.Changed -= Follow;

    /// <summary>Ranges are looked up anew each time: changes move them, and drop them.</summary>
    private RowRange? NextRange(RowBound after)
    {
        foreach (RowRange range in _directory.Ranges.Ranges)
            if (range.From.CompareTo(after) >= 0)
                return range;
        return null;
    }

    /// <param name="past">Rank at which the range ended when it was looked up: how far to fetch ahead.</param>
    private async Task<FsErrno> ReadRangeAsync(RowBound to, long past, Action? progress, CancellationToken cancellation)
    {
        List<DirectoryRow> rows = new(Chunk);
        for (int fetched = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            _directory.Sync();
            long from = _rank;
            if (from >= _directory.Count)
                return FsErrno.Ok;
            rows.Clear();
            bool cached = _directory.View.TryRead(from, Chunk, rows);
            if (!cached)
            {
                if (fetched++ < 3)
                {
                    FsErrno loaded = await _directory.View.LoadAsync(from, Math.Clamp(past - from, Chunk, Load), cancellation);
                    if (loaded != FsErrno.Ok)
                        return loaded;
                    continue; // now cached: read at a known moment
                }
                // A cache without room drops it at once.
                FsResult<IReadOnlyList<DirectoryRow>> read = await _directory.View.ReadAsync(from, Chunk, cancellation);
                if (!read.IsOk)
                    return read.Errno;
                rows.AddRange(read.Value);
            }
            _directory.Sync();
            if (_rank != from)
                continue; // rows moved between the two: these may start too late
            if (rows.Count == 0)
                return FsErrno.Ok;
            foreach (DirectoryRow row in rows)
            {
                RowBound before = RowBound.Before(row.Entry.Name);
                if (before.CompareTo(to) > 0)
                    return FsErrno.Ok;
                if (before.CompareTo(_next) >= 0 && row.State != RowState.Pending && _directory.Ranges.Contains(row.Entry))
                    _entries.Add(row.Entry);
            }
            _next = RowBound.After(rows[^1].Entry.Name);
            _rank = from + rows.Count;
            fetched = 0;
            progress?.Invoke();
            await Task.Yield();
        }
    }

    private void Follow(ChangeBatch batch)
    {
        _rank += batch.Shift(_next);
        _gone.UnionWith(batch.Removed.Names);
    }
}
