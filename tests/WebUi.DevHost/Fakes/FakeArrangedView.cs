using Capstan.ClientGateway;
using Capstan.ClientGateway.Views;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>A view of a fake directory in another order, ready unless the directory says that it is still arriving.</summary>
internal sealed class FakeArrangedView(FakeView stored, FakeDirectory directory, ViewSpec spec) : IArrangedView
{
    private Arrangement Rows
    {
        get
        {
            directory.Arrangement ??= new FakeArrangement(directory, stored.Directory);
            directory.Arrangement.Follow(spec);
            return directory.Arrangement.Rows;
        }
    }

    public ViewSpec Spec => spec;

    public ArrangementState State => directory.IsArriving ? ArrangementState.Arriving : ArrangementState.Ready;

    public long Arrived => directory.Count;

    public InodeId Directory => stored.Directory;

    public InodeAttributes Attributes => stored.Attributes;

    public long Count => directory.IsArriving ? stored.Count : Rows.Count(spec)!.Value;

    public long ChangeCounter => stored.ChangeCounter + (directory.IsArriving ? 0 : Rows.ChangeCounter);

    public Task WhenChanged(long counter) => counter == ChangeCounter ? directory.WhenChanged(stored.ChangeCounter) : Task.CompletedTask;

    public IDisposable ShowLeaving(Func<DirectoryEntry, bool> which) => stored.ShowLeaving(which);

    public Freshness Freshness => stored.Freshness;

    public DateTimeOffset AsOf => stored.AsOf;

    public bool TryRead(long first, int count, List<DirectoryRow> rows)
    {
        if (directory.IsArriving)
            return stored.TryRead(first, count, rows);
        int from = rows.Count;
        Rows.TryRead(spec, first, count, rows);
        for (int i = from; i < rows.Count; i++)
            rows[i] = directory.Marked(rows[i]);
        return true;
    }

    public async Task<FsResult<IReadOnlyList<DirectoryRow>>> ReadAsync(long first, int count, CancellationToken cancellation = default)
    {
        if (directory.IsArriving)
            return await stored.ReadAsync(first, count, cancellation);
        List<DirectoryRow> rows = [];
        TryRead(first, count, rows);
        return rows;
    }

    public Task<FsErrno> LoadAsync(long first, long count, CancellationToken cancellation = default) =>
        directory.IsArriving ? stored.LoadAsync(first, count, cancellation) : Task.FromResult(FsErrno.Ok);

    public bool TryReadChanges(long since, List<DirectoryChange> changes, out long upTo) => stored.TryReadChanges(since, changes, out upTo);

    public long FindRank(FileName name)
    {
        if (directory.IsArriving)
            return stored.FindRank(name);
        return Rows.TryRead(spec, (table, order) => table.TryFind(name, out uint id) && order.Lets(name) ? order.RankOf(name, table.Row(id)) : -1, out long rank) ? rank : -1;
    }

    public async Task<FsResult<long>> RankOfAsync(FileName name, CancellationToken cancellation = default) =>
        directory.IsArriving ? await stored.RankOfAsync(name, cancellation) : FindRank(name);

    public long RankOf(DirectoryEntry seen)
    {
        if (directory.IsArriving)
            return stored.FindRank(seen.Name);
        return Rows.TryRead(spec, (_, order) => order.RankOf(seen.Name, PageRow.Of(seen.Attributes)), out long rank) ? rank : -1;
    }

    public Task<long> FindPrefixAsync(string prefix, long from, CancellationToken cancellation = default)
    {
        List<DirectoryRow> rows = [];
        TryRead(0, (int)Count, rows);
        DirectoryRow? found = rows.Skip((int)from).Concat(rows.Take((int)from)).Cast<DirectoryRow?>()
            .FirstOrDefault(row => row!.Value.Entry.Name.ToString().StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        return Task.FromResult(found?.Rank ?? -1);
    }

    public IRowSelection? Select() => directory.IsArriving ? null : Rows.Select();

    public Task<FsErrno> WhenReadyAsync(CancellationToken cancellation = default) => Task.FromResult(FsErrno.Ok);

    public ListingSnapshot Describe() => stored.Describe();

    public IArrangedView Arranged(ViewSpec other) => stored.Arranged(other);

    public void Dispose()
    {
    }
}
