using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

// The rows that are drawn: read at once when they are cached, fetched otherwise. Rows that are fetched are there within a frame or two, so what is drawn moves with their arrival, and
// not before unless they take long enough for a skeleton: to draw a screenful twice costs the browser more than the fetch.
public sealed partial class DirectoryViewModel
{
    /// <summary>So many selected rows are looked at for their size, with each change of the selection.</summary>
    private const int Weighed = 2_000;

    private (long First, int Count) _wanted;
    private (long Selection, long Listing, long? Bytes) _weight = (-1, -1, null);

    /// <summary>Of what is selected in all; null where that is not known without asking: rows were never read, or are very many, or folders are among them.</summary>
    public long? SelectedBytes
    {
        get
        {
            if (_chosen is not null)
                return _chosen.Bytes;
            if ((_weight.Selection, _weight.Listing) != (Ranges.Version, _drawnCounter))
                _weight = (Ranges.Version, _drawnCounter, Weigh());
            return _weight.Bytes;
        }
    }

    private void MoveWindow(long first, int count)
    {
        first = Math.Clamp(first, 0, Math.Max(0, _count - 1));
        count = (int)Math.Max(0, Math.Min(count, _count - first));
        _wanted = (first, count);
        _reading?.Cancel();
        _reading = null;
        _read.Clear();
        if (_view.TryRead(first, count, _read))
        {
            Window.MoveTo(first, _read.Count);
            Window.Fill(_read);
            _waitingSince = null;
            ReadError = FsErrno.Ok;
            return;
        }
        _waitingSince ??= _time.GetUtcNow();
        if (Window.Rows.Count == 0 || ShowsSkeleton)
            Window.MoveTo(first, count);
        _reading = CancellationTokenSource.CreateLinkedTokenSource(_closed);
        _ = FetchAsync(first, count, _reading);
    }

    private long? Weigh()
    {
        if (Ranges.Count > Weighed)
            return null;
        long bytes = 0;
        List<DirectoryRow> rows = [];
        foreach (RowRange range in Ranges.Ranges)
        {
            rows.Clear();
            if (range.Past - range.First > 2 * Weighed || !_view.TryRead(range.First, (int)(range.Past - range.First), rows))
                return null;
            foreach (InodeAttributes inode in rows.Where(r => Ranges.Contains(r.Entry)).Select(r => r.Entry.Attributes))
            {
                if (inode.IsDirectory)
                    return null;
                bytes += inode.Size;
            }
        }
        return bytes;
    }

    /// <summary>What is in sight is on its way: drawn, the viewport asks for what it then lacks.</summary>
    private bool IsComing(long first, int count) => _reading is not null && first >= _wanted.First && Math.Min(first + count, _count) <= _wanted.First + _wanted.Count;

    private async Task FetchAsync(long first, int count, CancellationTokenSource mine)
    {
        try
        {
            FsResult<IReadOnlyList<DirectoryRow>> rows = await _view.ReadAsync(first, count, mine.Token);
            if (_reading != mine)
                return;
            _reading = null;
            _waitingSince = null;
            ReadError = rows.Errno;
            // Where they cannot be read their places are drawn, and in them the rows that were known before: the sight is never empty.
            Window.MoveTo(first, rows.IsOk ? Math.Min(count, rows.Value.Count) : count);
            if (rows.IsOk)
                Window.Fill(rows.Value);
        }
        catch (OperationCanceledException)
        {
            // A newer window is wanted, or the directory was closed.
            return;
        }
        finally
        {
            mine.Dispose();
        }
        Arrived?.Invoke();
    }
}
