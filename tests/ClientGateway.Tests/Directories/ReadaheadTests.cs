using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Tests.Directories;

/// <summary>What is asked of the MDS for readers of each kind: a directory of a million entries, and an MDS that serves what it is asked for when the test lets it.</summary>
public sealed class ReadaheadTests
{
    private const int Total = 1_000_000;
    private const int PageRows = 1000;

    private readonly ScriptedMds _mds = new(new GatewayOptions { ClientName = "test", MaxReadaheadPages = 16 });
    private readonly ReadaheadWindow _reader = new();
    private readonly DirectoryState _directory;
    private readonly Dictionary<long, (long Next, int Credits, int Waited)> _streams = [];
    private readonly HashSet<long> _cancelled = [];
    private int _requests;
    private int _pagesServed;

    public ReadaheadTests()
    {
        _mds.Open();
        _directory = _mds.Core.Directories.GetOrAdd(ScriptedMds.Dir);
        _mds.Says(_mds.Grant(ScriptedMds.Dir, CapBits.All, 1, Total));
    }

    private GatewayCounters Counters => _mds.Core.Counters;

    [Fact]
    public void Sequential_EveryPageAfterTheFirstIsThereBeforeItIsAskedFor_AndUseful()
    {
        int waits = 0;
        for (long row = 0; row < 200_000; row += 50)
        {
            waits += Look(row) ? 0 : 1;
        }
        Assert.Equal(1, waits);
        Assert.Equal(16, _reader.Pages);
        Assert.True(Counters.ReadaheadUseful >= 199, $"{Counters.ReadaheadUseful}");
        Assert.True(_pagesServed <= 200 + 17, $"{_pagesServed} pages for 200");
    }

    [Fact]
    public void Reverse_IsReadAheadBackwards()
    {
        Look(500_000);
        int waits = 0;
        for (long row = 500_000; row > 400_000; row -= 50)
        {
            waits += Look(row) ? 0 : 1;
        }
        Assert.True(waits <= 3, $"{waits} waits");
        Assert.Equal(AccessPattern.Reverse, _reader.Pattern);
        Assert.True(_pagesServed <= 100 + 20, $"{_pagesServed} pages for 100");
    }

    [Fact]
    public void Jumping_OnePageAJumpAndNoneAhead()
    {
        Read(0);
        Serve();
        _pagesServed = 0;
        Random random = new(1);
        for (int i = 0; i < 100; i++)
        {
            _mds.Time.Advance(TimeSpan.FromSeconds(2));
            Look(random.Next(Total - 50));
        }
        Assert.InRange(_pagesServed, 1, 105);
        Assert.True(_reader.IsClosed);
    }

    [Fact]
    public void Scrubbing_SupersededReadsAreCalledOff()
    {
        Read(0);
        Serve();
        _pagesServed = 0;
        List<RangeWaiter> superseded = [];
        for (int i = 1; i <= 50; i++)
        {
            _mds.Time.Advance(TimeSpan.FromMilliseconds(16));
            RangeWaiter waiter = _mds.Core.Directories.Demand(_directory, Caller.Root, i * 15_000, 50, window: _reader);
            Take();
            _mds.Core.Directories.Abandon(_directory, waiter);
            superseded.Add(waiter);
        }
        Take();
        Assert.Equal(AccessPattern.Scrubbing, _reader.Pattern);
        Assert.Equal(_requests - 1, _cancelled.Count);
        Assert.False(Read(990_000));
        Serve();
        Assert.True(Read(990_000));
        Assert.Equal(1, _pagesServed);
        Assert.Empty(_directory.Waiters);
        Assert.Empty(_directory.Streams);
        Assert.Equal(0, _directory.StreamsUnderWay);
        Assert.All(superseded, waiter => Assert.False(waiter.Done.IsCompleted));
    }

    [Fact]
    public void Jump_WhileMuchIsComing_IsAskedForByItself_AndWaitedFor()
    {
        RangeWaiter all = _mds.Core.Directories.Demand(_directory, Caller.Root, 0, Total, whole: true);
        Take();
        Assert.Equal(1, _streams.Values.Single().Waited);
        Serve(pages: 3);
        Assert.False(Read(400_000));
        Take();
        Assert.Equal(2, _streams.Count);
        Assert.Equal((400_000, 2, 1), _streams.Values.Last());
        // Just ahead of what is coming the stream is told to hurry instead.
        _mds.Core.Directories.Demand(_directory, Caller.Root, 4500, 50, window: new ReadaheadWindow());
        Take();
        Assert.Equal(2, _streams.Count);
        Assert.Equal(2, _streams.Values.First().Waited);
        Serve();
        Assert.True(all.Done.IsCompleted);
        Assert.True(_directory.IsComplete);
        Assert.InRange(_pagesServed, 1000, 1002);
    }

    [Fact]
    public async Task CutShort_ByAnMdsThatHasOthersToServe_GoesOnWhereItWas()
    {
        RangeWaiter all = _mds.Core.Directories.Demand(_directory, Caller.Root, 0, 100_000, whole: true);
        for (int i = 0; i < 100; i++)
        {
            Take();
            foreach (long tid in _streams.Keys.ToArray())
            {
                if (i % 2 == 0)
                    ServeOne(tid);
                End(tid);
            }
        }
        Assert.False(all.Done.IsCompleted);
        Take();
        Assert.Equal((50_000, 0), (_streams.Values.Single().Next, _streams.Values.Single().Waited));
        Serve();
        Assert.Equal(FsErrno.Ok, await all.Done);
    }

    [Fact]
    public void UnreadPages_AreASmallPartOfTheBudget()
    {
        _mds.Core.Limits = new CacheLimits(4 << 20, 512);
        List<ReadaheadWindow> readers = [.. Enumerable.Range(0, 8).Select(_ => new ReadaheadWindow())];
        for (int row = 0; row < 20_000; row += 50)
        {
            for (int i = 0; i < readers.Count; i++)
                Read((i * 100_000) + row, readers[i]);
            Serve();
            Assert.True(_directory.UnreadBytes <= (4 << 20) / 10, $"{_directory.UnreadBytes} bytes unread");
        }
        Assert.Equal(_directory.UnreadBytes, _mds.Core.Directories.Budget.UnreadBytes);
    }

    [Fact]
    public void Limits_ChangedWhileReading_HoldAtOnce()
    {
        for (long row = 0; row < 50_000; row += 50)
        {
            Read(row);
            Serve();
        }
        Assert.True(_reader.Pages > 2);
        _mds.Core.Limits = new CacheLimits(200_000, 0);
        Assert.True(_mds.Core.Directories.Budget.Bytes <= 200_000);
        Assert.Equal(new CacheLimits(200_000, 0), _mds.Core.Limits);
        _pagesServed = 0;
        Read(50_000);
        Serve();
        Assert.True(_reader.IsClosed);
        Assert.InRange(_pagesServed, 0, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => _mds.Core.Limits = new CacheLimits(-1, 0));
    }

    [Fact]
    public void Reader_ThatLeaves_TakesItsReadaheadWithIt()
    {
        Read(0);
        Take();
        Assert.Single(_streams);
        foreach (RangeWaiter waiter in _directory.Waiters.ToArray())
            _mds.Core.Directories.Abandon(_directory, waiter);
        _mds.Core.Directories.Leave(_directory, _reader);
        Take();
        Assert.Single(_cancelled);
        Serve();
        Assert.Equal((0, 0), (_pagesServed, _directory.StreamsUnderWay));
    }

    /// <summary>False: the reader has to wait.</summary>
    private bool Read(long first, ReadaheadWindow? reader = null)
    {
        reader ??= _reader;
        if (_directory.Read(first, 50, []))
        {
            _mds.Core.Directories.OnRead(_directory, reader, Caller.Root, first, 50);
            return true;
        }
        _mds.Core.Directories.Demand(_directory, Caller.Root, first, 50, window: reader);
        return false;
    }

    /// <summary>As <see cref="Read"/>, and waits.</summary>
    private bool Look(long first)
    {
        bool isThere = Read(first);
        Serve();
        if (!isThere)
        {
            Assert.True(Read(first));
            Serve();
        }
        return isThere;
    }

    /// <summary>Takes what the gateway has sent.</summary>
    private void Take()
    {
        foreach (ClientMessage message in _mds.Sent())
        {
            switch (message)
            {
                case Request { Operation: ReaddirOperation readdir } request:
                    _requests++;
                    _streams.Add(request.Tid, (readdir.Rank ?? (readdir.After.IsEmpty ? 0 : int.Parse(readdir.After.ToString()) + 1), readdir.Credits, readdir.Waited));
                    break;
                case ReaddirCredit credit when _streams.TryGetValue(credit.Tid, out var stream):
                    _streams[credit.Tid] = stream with { Credits = stream.Credits + credit.Credits, Waited = Math.Max(stream.Waited, credit.Waited) };
                    break;
                case ReaddirCancel cancel when _streams.Remove(cancel.Tid):
                    _cancelled.Add(cancel.Tid);
                    _mds.Says(_mds.EndOfListing(cancel.Tid, ScriptedMds.Dir, 1, Total));
                    break;
            }
        }
    }

    /// <summary>Serves all that is asked for, what is waited for first.</summary>
    private void Serve(int pages = int.MaxValue)
    {
        for (Take(); _streams.Count > 0 && pages-- > 0; Take())
        {
            long tid = _streams.MaxBy(s => s.Value.Waited > 0).Key;
            ServeOne(tid);
            if (_streams[tid] is { Credits: 0 } or { Next: >= Total })
                End(tid);
        }
    }

    private void ServeOne(long tid)
    {
        (long next, int credits, int waited) = _streams[tid];
        DirectoryPageBuilder builder = new();
        long end = Math.Min(Total, next + PageRows);
        for (long row = next; row < end; row++)
            builder.TryAdd(ScriptedMds.Name($"{row:D8}").Span, PageRow.Of(ScriptedMds.File((ulong)row + 100)));
        _streams[tid] = (end, credits - 1, Math.Max(0, waited - 1));
        _pagesServed++;
        _mds.Says(new PageMessage(tid, builder.Build(new PageHeader(_mds.Epoch, ScriptedMds.Dir, new DirectoryVersion(1), next, Total, end == Total))));
    }

    private void End(long tid)
    {
        _streams.Remove(tid);
        _mds.Says(_mds.EndOfListing(tid, ScriptedMds.Dir, 1, Total));
    }
}
