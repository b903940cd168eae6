using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

// What is brought before anybody asks for it.
internal sealed partial class DirectoryCache
{
    /// <summary>Backwards the nearest page comes last, so that a reader who waits for it waits for all before it.</summary>
    private const int MostBackwards = 8;

    /// <summary>Notes a read that was served and reads ahead of it as the reader's window says.</summary>
    public void OnRead(DirectoryState directory, ReadaheadWindow window, Caller caller, long first, long count)
    {
        Observe(directory, window, first, count);
        if (window.IsClosed || directory.IsComplete || !IsLive(directory) || !MayReadAhead(directory))
            return;
        if (window.Pattern == AccessPattern.Reverse)
            ReadBackwards(directory, window, caller, first);
        else
            ReadForwards(directory, window, caller, first + count);
    }

    /// <summary>Where the reader is tells what of its readahead is of no use any more.</summary>
    private void Observe(DirectoryState directory, ReadaheadWindow window, long first, long count)
    {
        window.OnRead(first, count, PageRows(directory), time.GetElapsedTime(0));
        window.Limit(Math.Min(MaxReadaheadPages, (int)(Budget.MostUnreadOfOne / DirectoryPageBuilder.MaxBytes)));
        if (!window.IsClosed)
            return;
        foreach (ReaddirStream stream in directory.Streams.ToArray())
        {
            if (stream.Window == window && !stream.Whole && stream.PagesUntil(first, PageRows(directory)) == 0)
                CallOff(stream);
        }
    }

    /// <summary>A reader has gone: what is on its way for it alone is called off.</summary>
    public void Leave(DirectoryState directory, ReadaheadWindow window)
    {
        directory.Readers.Remove(window);
        Use(directory);
        foreach (ReaddirStream stream in directory.Streams.ToArray())
        {
            if (stream.Window == window)
                CallOff(stream);
        }
    }

    /// <summary>What nobody has read yet is a small part of the budget, and no directory has all of that.</summary>
    private bool MayReadAhead(DirectoryState directory) => directory.UnreadBytes < Budget.MostUnreadOfOne && Budget.UnreadBytes < Budget.MostUnread;

    private void ReadForwards(DirectoryState directory, ReadaheadWindow window, Caller caller, long from)
    {
        int pageRows = PageRows(directory);
        long wanted = (long)window.Pages * pageRows;
        if (from >= directory.Total || directory.FirstMissing(from, wanted) is not (>= 0 and var missing))
            return;
        ReaddirStream? stream = directory.Streams.Find(s => s.PagesUntil(missing, pageRows) > 0);
        long ready = (stream is null ? missing : stream.Position + ((long)stream.Credits * pageRows)) - from;
        if (ready >= (wanted + 1) / 2)
            return;
        int credits = (int)Math.Min(MaxCredits, (wanted - ready + pageRows - 1) / pageRows);
        if (stream is null && !AskShared(directory, caller, missing, window))
            Start(directory, caller, missing, credits, waited: 0, window: window);
        else if (stream is { PagesArrived: > 0, IsBrief: false })
            AddCredits(stream, credits);
    }

    private void ReadBackwards(DirectoryState directory, ReadaheadWindow window, Caller caller, long until)
    {
        int pageRows = PageRows(directory);
        long wanted = (long)Math.Min(window.Pages, MostBackwards) * pageRows;
        long missing = directory.LastMissing(until - wanted, until);
        long ready = until - missing - 1;
        if (missing < 0 || ready >= (wanted + 1) / 2 || directory.Streams.Exists(s => s.PagesUntil(missing, pageRows) > 0))
            return;
        int pages = (int)((wanted - ready + pageRows - 1) / pageRows);
        long from = Math.Max(directory.StartOfGap(missing), missing + 1 - ((long)pages * pageRows));
        Start(directory, caller, from, (int)((missing - from + pageRows) / pageRows), waited: 0, window: window);
    }
}
