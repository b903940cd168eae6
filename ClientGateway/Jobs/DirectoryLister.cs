using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Jobs;

/// <summary>Reads a directory page by page in the order of names, whoever changes it meanwhile: what is there all the time is seen once.</summary>
internal sealed class DirectoryLister(GatewayCore core, Action flush, Caller caller, InodeId ino)
{
    private const int PagesAtOnce = 4;

    private FileName _after;
    private bool _isAtEnd;

    /// <summary>The next entries; none are the end.</summary>
    public async Task<FsResult<IReadOnlyList<DirectoryEntry>>> NextAsync()
    {
        while (!_isAtEnd)
        {
            Pages pages = new();
            lock (core.Gate)
                core.Directories.Follow(core.Directories.GetOrAdd(ino), caller, _after, PagesAtOnce, pages);
            flush();
            FsErrno errno = await pages.Ended.ConfigureAwait(false);
            if (errno != FsErrno.Ok)
                return errno;
            _isAtEnd = pages.IsLast;
            if (pages.Entries.Count == 0)
                continue;
            _after = pages.Entries[^1].Name;
            return FsResult.Of<IReadOnlyList<DirectoryEntry>>(pages.Entries);
        }
        return Array.Empty<DirectoryEntry>();
    }

    private sealed class Pages : IPageFollower
    {
        private readonly TaskCompletionSource<FsErrno> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<DirectoryEntry> Entries { get; } = [];

        public bool IsLast { get; private set; }

        public Task<FsErrno> Ended => _ended.Task;

        public void PageArrived(DirectoryPage page)
        {
            IsLast |= page.Header.Last;
            for (int i = 0; i < page.Count; i++)
                Entries.Add(page.Entry(i));
        }

        public void ListingEnded(FsErrno errno) => _ended.TrySetResult(errno);
    }
}
