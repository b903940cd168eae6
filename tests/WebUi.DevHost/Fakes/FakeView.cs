using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>A view whose pages of a thousand rows are "cached" once they have been read.</summary>
internal sealed class FakeView(FakeFileSystem files, FakeInode inode) : IDirectoryView
{
    private const int Page = 1000;

    private readonly HashSet<long> _cached = [];
    private readonly FakeDirectory _directory = inode.Directory!;
    private int _requests;

    public InodeId Directory => inode.Attributes.Ino;

    public InodeAttributes Attributes => inode.Attributes;

    public long Count => _directory.Count;

    public long ChangeCounter => _directory.Counter;

    public Task WhenChanged(long counter) => _directory.WhenChanged(counter);

    public IDisposable ShowLeaving(Func<DirectoryEntry, bool> which) => _directory.ShowLeaving(which);

    public Freshness Freshness => _directory.Freshness;

    public DateTimeOffset AsOf => files.Time.GetUtcNow();

    public bool TryRead(long first, int count, List<DirectoryRow> rows)
    {
        long last = Math.Min(first + count, Count) - 1;
        lock (_cached)
            for (long page = first / Page; page <= last / Page; page++)
                if (!_cached.Contains(page))
                    return false;
        _directory.Read(first, count, rows);
        return true;
    }

    public async Task<FsErrno> LoadAsync(long first, long count, CancellationToken cancellation)
    {
        FsResult<IReadOnlyList<DirectoryRow>> rows = await ReadAsync(first, (int)count, cancellation);
        return rows.Errno;
    }

    public async Task<FsResult<IReadOnlyList<DirectoryRow>>> ReadAsync(long first, int count, CancellationToken cancellation)
    {
        await files.RoundTripAsync(cancellation);
        _requests++;
        if (_directory.ReadFails != FsErrno.Ok)
            return _directory.ReadFails;
        lock (_cached)
            for (long page = first / Page; page <= (first + count - 1) / Page; page++)
                _cached.Add(page);
        List<DirectoryRow> rows = [];
        _directory.Read(first, count, rows);
        return rows;
    }

    public bool TryReadChanges(long since, List<DirectoryChange> changes, out long upTo) => _directory.TryReadChanges(since, changes, out upTo);

    public long FindRank(FileName name)
    {
        long rank = _directory.RankOf(name);
        lock (_cached)
            return _cached.Contains(rank / Page) ? rank : -1;
    }

    public async Task<FsResult<long>> RankOfAsync(FileName name, CancellationToken cancellation = default)
    {
        if (FindRank(name) is var known and >= 0)
            return known;
        await files.RoundTripAsync(cancellation);
        return _directory.RankOf(name);
    }

    public ListingSnapshot Describe() => new()
    {
        Start = ListingStart.NeverSeen,
        Caps = _directory.Freshness == Freshness.Live ? CapBits.As | CapBits.Ls | CapBits.Xs | CapBits.Fs | CapBits.Fx | CapBits.Du : CapBits.None,
        Version = new DirectoryVersion(Math.Max(1, _directory.Counter)),
        CachedEntries = Math.Min(Count, _cached.Count * (long)Page),
        Entries = Count,
        Requests = _requests,
        PagesFromMds = _cached.Count,
    };

    public IArrangedView Arranged(ViewSpec spec) => new FakeArrangedView(this, _directory, spec);

    public void Dispose()
    {
    }
}
