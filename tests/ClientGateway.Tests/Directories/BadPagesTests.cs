using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Tests.Directories;

/// <summary>Pages that are none, or are others than were asked for: never shown, counted, and asked for again.</summary>
public sealed class BadPagesTests
{
    private const int Rows = 40;
    private const int PageRows = 10;

    private readonly ScriptedMds _mds = new();
    private readonly DirectoryState _directory;

    public BadPagesTests()
    {
        _mds.Open();
        _directory = _mds.Core.Directories.GetOrAdd(ScriptedMds.Dir);
    }

    public static TheoryData<string> Wrongs => [
        "checksum", "cut short", "empty", "garbage", "another directory", "an older epoch", "a newer epoch", "another rank", "a rank that is taken", "names before the last one",
        "the same page again", "more rows than the directory has", "a last page that is not",
    ];

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task Page_ThatIsNotTheOneAskedFor_IsNotBelieved(string what)
    {
        RangeWaiter waiter = _mds.Core.Directories.Demand(_directory, Caller.Root, 0, Rows, whole: true);
        long tid = _mds.TidSent();
        _mds.Says(_mds.Grant(ScriptedMds.Dir, CapBits.All, 1, Rows), new PageMessage(tid, Page(0)));
        long rejected = _mds.Core.Counters.PagesRejected;

        _mds.Says(new PageMessage(tid, Wrong(what)));

        Assert.Equal(rejected + 1, _mds.Core.Counters.PagesRejected);
        Assert.Equal(PageRows, _directory.CachedEntries);
        // The stream ends with credits left: what is still wanted is asked for from where the good ones ended.
        _mds.Says(_mds.EndOfListing(tid, ScriptedMds.Dir, 1, Rows));
        Assert.False(waiter.Done.IsCompleted);
        Request again = Assert.Single(_mds.Sent<Request>());
        Assert.Equal(Name(PageRows - 1), ((ReaddirOperation)again.Operation).After.ToString());
        for (int first = PageRows; first < Rows; first += PageRows)
            _mds.Says(new PageMessage(again.Tid, Page(first)));
        _mds.Says(_mds.EndOfListing(again.Tid, ScriptedMds.Dir, 1, Rows));
        Assert.Equal(FsErrno.Ok, await waiter.Done);
        Assert.Equal(Enumerable.Range(0, Rows).Select(Name), ScriptedMds.Names(_directory));
    }

    [Fact]
    public async Task Pages_ThatAreNeverGood_EndWithAnError()
    {
        RangeWaiter waiter = _mds.Core.Directories.Demand(_directory, Caller.Root, 0, 5);
        _mds.Says(_mds.Grant(ScriptedMds.Dir, CapBits.All, 1, Rows));
        int requests = 0;
        while (!waiter.Done.IsCompleted)
        {
            long tid = _mds.TidSent();
            Assert.InRange(++requests, 1, 20);
            _mds.Says(new PageMessage(tid, Wrong("checksum")), _mds.EndOfListing(tid, ScriptedMds.Dir, 1, Rows));
        }
        Assert.Equal(FsErrno.TryAgain, await waiter.Done);
        Assert.Equal((0, 0), (_directory.StreamsUnderWay, _directory.Waiters.Count));
    }

    [Fact]
    public void Page_OfAListingThatHasEnded_OrThatNobodyAskedFor_ChangesNothing()
    {
        _mds.List(ScriptedMds.Dir, CapBits.All, "a", "b");
        _mds.Says(new PageMessage(1, Page(0)), new PageMessage(4711, Page(0)));
        Assert.Equal(["a", "b"], ScriptedMds.Names(_directory));
    }

    [Fact]
    public void Jump_AnsweredWithAnotherPlace_IsNotBelieved()
    {
        _mds.Says(_mds.Grant(ScriptedMds.Dir, CapBits.All, 1, Rows));
        _mds.Core.Directories.Demand(_directory, Caller.Root, 30, 5);
        long tid = _mds.TidSent();
        _mds.Says(new PageMessage(tid, Page(20)));
        Assert.Equal((0, 1), (_directory.CachedEntries, _mds.Core.Counters.PagesRejected));
        _mds.Says(new PageMessage(tid, Page(30)));
        Assert.Equal(PageRows, _directory.CachedEntries);
    }

    [Fact]
    public async Task Directory_EmptiedWhileItIsListed_IsEmpty()
    {
        RangeWaiter waiter = _mds.Core.Directories.Demand(_directory, Caller.Root, 0, Rows, whole: true);
        long tid = _mds.TidSent();
        _mds.Says(_mds.Grant(ScriptedMds.Dir, CapBits.Shared, 1, Rows), new PageMessage(tid, Page(0)));
        for (int i = 0; i < Rows; i++)
            _mds.Says(ScriptedMds.Removed(ScriptedMds.Dir, i + 1, Name(i)));
        Assert.Equal(0, _directory.Total);
        // What was on its way is older than that.
        for (int first = PageRows; first < Rows; first += PageRows)
            _mds.Says(new PageMessage(tid, Page(first)));
        _mds.Says(_mds.EndOfListing(tid, ScriptedMds.Dir, 1, Rows));
        Assert.Equal(FsErrno.Ok, await waiter.Done);
        Assert.Empty(ScriptedMds.Names(_directory));
        Assert.True(_directory.IsComplete);
    }

    [Theory]
    [InlineData(FsErrno.NoEntry)]
    [InlineData(FsErrno.Stale)]
    public async Task Directory_RemovedWhileItIsListed_TellsEveryReaderAndShowsNothing(FsErrno errno)
    {
        RangeWaiter one = _mds.Core.Directories.Demand(_directory, Caller.Root, 0, Rows, whole: true);
        RangeWaiter other = _mds.Core.Directories.Demand(_directory, Caller.Root, 35, 5);
        long tid = _mds.Sent<Request>()[0].Tid;
        _mds.Says(_mds.Grant(ScriptedMds.Dir, CapBits.Shared, 1, Rows), new PageMessage(tid, Page(0)), _mds.Revoke(ScriptedMds.Dir, CapBits.None), new Reply(tid, errno));
        Assert.Equal(errno, await one.Done);
        Assert.Equal(errno, await other.Done);
        Assert.False(_directory.IsKnown);
        Assert.Equal(0, _directory.PageCount);
    }

    /// <summary>Given up after each message in turn: nothing is left behind, and the next reader sees what there is.</summary>
    [Fact]
    public void Listing_GivenUpAtEveryPoint_LeavesNothing()
    {
        for (int point = 0; point <= 7; point++)
        {
            ScriptedMds mds = new();
            mds.Open();
            DirectoryState directory = mds.Core.Directories.GetOrAdd(ScriptedMds.Dir);
            ReadaheadWindow reader = new();
            directory.Readers.Add(reader);
            RangeWaiter waiter = mds.Core.Directories.Demand(directory, Caller.Root, 0, Rows, window: reader);
            long tid = mds.TidSent();
            ServerMessage[] script =
            [
                mds.Grant(ScriptedMds.Dir, CapBits.Shared, 1, Rows), new PageMessage(tid, Page(0)), ScriptedMds.Removed(ScriptedMds.Dir, 1, Name(3)),
                new PageMessage(tid, Page(10)), new PageMessage(tid, Page(20)), new PageMessage(tid, Page(30)), mds.EndOfListing(tid, ScriptedMds.Dir, 1, Rows),
            ];
            for (int i = 0; i < script.Length; i++)
            {
                if (i == point)
                    GiveUp();
                mds.Says(script[i]);
            }
            if (point == script.Length)
                GiveUp();
            Assert.Equal((0, 0, 0, 0), (directory.StreamsUnderWay, directory.Streams.Count, directory.Waiters.Count, directory.Readers.Count));
            Assert.Equal(0, mds.Core.Session.InFlight);
            Assert.Equal(point >= 6, waiter.Done.IsCompleted);
            Assert.Equal(Enumerable.Range(0, Rows).Where(i => i != 3).Select(Name), ScriptedMds.Names(directory));

            void GiveUp()
            {
                mds.Core.Directories.Abandon(directory, waiter);
                mds.Core.Directories.Leave(directory, reader);
            }
        }
    }

    private byte[] Wrong(string what)
    {
        byte[] good = Page(PageRows);
        switch (what)
        {
            case "checksum":
                good[^1] ^= 1;
                return good;
            case "cut short":
                return good[..^5];
            case "empty":
                return [];
            case "garbage":
                new Random(1).NextBytes(good);
                return good;
            case "another directory":
                return Page(PageRows, dir: ScriptedMds.Other);
            case "an older epoch":
                return Page(PageRows, epoch: 0);
            case "a newer epoch":
                return Page(PageRows, epoch: 2);
            case "another rank":
                return Page(PageRows, rank: PageRows + 1);
            case "a rank that is taken":
                return Page(PageRows, rank: PageRows - 1);
            case "names before the last one":
                return Page(5, rank: PageRows);
            case "the same page again":
                return Page(0);
            case "more rows than the directory has":
                return Page(PageRows, total: PageRows + 1);
            default:
                return Page(PageRows, isLast: true);
        }
    }

    private byte[] Page(int first, long? rank = null, InodeId? dir = null, long? epoch = null, long total = Rows, bool? isLast = null)
    {
        DirectoryPageBuilder builder = new();
        for (int i = first; i < first + PageRows; i++)
            Assert.True(builder.TryAdd(ScriptedMds.Name(Name(i)).Span, PageRow.Of(ScriptedMds.File((ulong)(100 + i)))));
        return builder.Build(new PageHeader(epoch is { } e ? new Epoch(e) : _mds.Epoch, dir ?? ScriptedMds.Dir, new DirectoryVersion(1), rank ?? first, total, isLast ?? first + PageRows == Rows));
    }

    private static string Name(int i) => $"n{i:D2}";
}
