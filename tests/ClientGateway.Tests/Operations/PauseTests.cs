using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class PauseTests
{
    private readonly ScriptedMds _mds = new(new GatewayOptions { ClientName = "test", MaxInFlightPerDirectory = 1 });

    public PauseTests()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a", "b", "c");
    }

    [Fact]
    public void Pause_InTheMiddle_WhatWasSentEndsAndNothingElseIsSent()
    {
        (TrackedJob job, TrackedOperation[] operations) = Remove("a", "b", "c");
        long tid = _mds.TidSent();
        job.Pause();
        Assert.Equal(JobState.Paused, job.State);
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal([OperationState.Done, OperationState.Queued, OperationState.Queued], operations.Select(o => o.State));
        Assert.Empty(_mds.Sent<Request>());

        job.Resume();
        Assert.Equal(JobState.Running, job.State);
        _mds.Says(Ok(_mds.TidSent(), Dir, 2));
        _mds.Says(Ok(_mds.TidSent(), Dir, 3));
        Assert.True(job.Completion.IsCompleted);
        Assert.Equal((3, JobState.Finished), (job.Done, job.State));
    }

    [Fact]
    public void Pause_WhoRenamesBesideIt_DoesNotWait()
    {
        (TrackedJob job, _) = Remove("a", "b");
        long tid = _mds.TidSent();
        TrackedOperation before = _mds.Rename(Dir, "c", Dir, "d");
        job.Pause();
        TrackedOperation after = _mds.Rename(Dir, "e", Dir, "f");
        Assert.Equal(OperationState.Queued, before.State); // for "a", which was sent
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal(OperationState.Sent, before.State);
        _mds.Says(new Reply(_mds.TidSent(), FsErrno.Ok));
        Assert.Equal(OperationState.Sent, after.State);
    }

    [Fact]
    public void Pause_WhoWantsOneOfItsNames_Waits()
    {
        (TrackedJob job, _) = Remove("a", "b");
        long tid = _mds.TidSent();
        TrackedOperation create = _mds.Create("b");
        job.Pause();
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal(OperationState.Queued, create.State);
        job.Cancel();
        Assert.Equal(OperationState.Sent, create.State);
        Assert.Equal((1, 1, JobState.Finished), (job.Done, job.Cancelled, job.State));
    }

    [Fact]
    public void WaitingFor_WithoutASession_NamesTheServer()
    {
        (TrackedJob job, _) = Remove("a", "b");
        Assert.Null(job.WaitingFor);
        _mds.Core.Disconnected();
        Assert.Equal("the metadata server", job.WaitingFor);
    }

    [Fact]
    public void WaitingFor_BehindAnotherOperation_NamesIt()
    {
        _mds.Create("a");
        (TrackedJob job, _) = Remove("a");
        Assert.Equal("another operation on a", job.WaitingFor);
    }

    [Fact]
    public void Dismiss_OfAFinishedJob_TakesItsFailuresAlong()
    {
        (TrackedJob job, TrackedOperation[] operations) = Remove("a");
        _mds.Core.Operations.Dismiss(job);
        Assert.Contains(job, _mds.Core.Operations.Jobs);
        _mds.Says(new Reply(_mds.TidSent(), FsErrno.Stale));
        Assert.Same(operations[0], _mds.Core.Operations.Find(Dir, Name("a")));
        _mds.Core.Operations.Dismiss(job);
        Assert.DoesNotContain(job, _mds.Core.Operations.Jobs);
        Assert.Null(_mds.Core.Operations.Find(Dir, Name("a")));
    }

    private (TrackedJob Job, TrackedOperation[] Operations) Remove(params string[] names)
    {
        TrackedJob job = _mds.Core.Operations.AddJob(JobKind.Delete, $"Delete {names.Length} items", Caller.Root, Dir, names.Length);
        return (job, [.. names.Select(n => _mds.Unlink(n, job: job))]);
    }
}
