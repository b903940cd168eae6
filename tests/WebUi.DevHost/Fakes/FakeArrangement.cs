using Capstan.ClientGateway;
using Capstan.ClientGateway.Views;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>The gateway's own arrangement, fed with the rows and changes of a fake directory.</summary>
internal sealed class FakeArrangement(FakeDirectory directory, InodeId ino)
{
    private long _moment = -1;
    private long _version;

    public Arrangement Rows { get; } = new(ino);

    public void Follow(ViewSpec spec)
    {
        lock (directory.Gate)
        {
            List<DirectoryChange> changes = [];
            if (_moment < 0 || !directory.TryReadChanges(_moment, changes, out _))
                TakeRows();
            foreach (DirectoryChange change in changes)
            {
                DeltaKind kind = change.Kind switch
                {
                    DirectoryChangeKind.Added => DeltaKind.Added,
                    DirectoryChangeKind.Removed => DeltaKind.Removed,
                    _ => DeltaKind.Changed,
                };
                InodeAttributes now = directory.Find(change.Name)?.Attributes ?? new InodeAttributes { Ino = new InodeId(1), Mode = InodeAttributes.ModeOf(FileKind.File, 0) };
                Rows.OnChange(new DirectoryDelta(ino, new DirectoryVersion(_version), new DirectoryVersion(++_version), kind, change.Name, kind == DeltaKind.Removed ? null : now));
            }
            _moment = directory.Counter;
        }
        Rows.Build(spec, CancellationToken.None);
    }

    private void TakeRows()
    {
        List<DirectoryRow> rows = [];
        directory.Read(0, directory.Count, rows);
        List<DirectoryPage> pages = [];
        DirectoryPageBuilder builder = new();
        PageHeader header = new(new Epoch(1), ino, new DirectoryVersion(_version), 0, rows.Count, false);
        foreach (DirectoryRow row in rows)
        {
            if (builder.TryAdd(row.Entry.Name.Span, PageRow.Of(row.Entry.Attributes)))
                continue;
            pages.Add(DirectoryPage.OpenTrusted(builder.Build(header)));
            builder.TryAdd(row.Entry.Name.Span, PageRow.Of(row.Entry.Attributes));
        }
        if (builder.Count > 0)
            pages.Add(DirectoryPage.OpenTrusted(builder.Build(header)));
        Rows.OnDropped();
        Rows.BeginFollowing();
        Rows.Replace([.. pages], new DirectoryVersion(_version));
    }
}
