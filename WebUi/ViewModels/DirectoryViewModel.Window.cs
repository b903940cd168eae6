using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

// The rows that are drawn: read at once when they are cached, fetched otherwise.
public sealed partial class DirectoryViewModel
{
    private void MoveWindow(long first, int count)
    {
        first = Math.Clamp(first, 0, Math.Max(0, _count - 1));
        count = (int)Math.Min(count, _count - first);
        Window.MoveTo(first, Math.Max(0, count));
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
        if (!Window.IsComplete)
            _waitingSince ??= _time.GetUtcNow();
        _reading = CancellationTokenSource.CreateLinkedTokenSource(_closed);
        _ = FetchAsync(first, count, _reading);
    }

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
            if (rows.IsOk && Window.First == first)
            {
                Window.MoveTo(first, Math.Min(count, rows.Value.Count));
                Window.Fill(rows.Value);
            }
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
