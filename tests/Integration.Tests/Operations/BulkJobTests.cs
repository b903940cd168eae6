using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>A job of more operations than go ahead at once, over a link that can be held: the rest is taken in as the first come to their ends.</summary>
public sealed class BulkJobTests
{
    private const int Files = BulkJobUnderWay.Files;
    private const int MostUnderWay = BulkJobUnderWay.MostUnderWay;

    [Fact]
    public async Task RemoveMany_MoreThanGoAhead_TheRestWaitsOutsideAndAllAreDone()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        Task takenIn = await held.AskAsync();
        Assert.InRange(held.Client.Operations.PendingCount, MostUnderWay - 2048, MostUnderWay);
        Assert.False(takenIn.IsCompleted);
        Assert.Equal(Files, held.Job.Total);
        held.Line.Stalled = false;
        await takenIn.Soon();
        await Eventually.OfAsync(held.Job.Completion, "the end of the deletes");
        Assert.Equal((Files, 0, 0), (held.Job.Done, held.Job.Failed, held.Job.Cancelled));
        Assert.Empty(await held.Client.ListAsync(held.Directory));
    }

    [Fact]
    public async Task Cancel_WhileItIsTakenIn_WhatIsOutsideIsLeftOut()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        Task takenIn = await held.AskAsync();
        held.Job.Cancel();
        await takenIn.Soon();
        Assert.InRange(held.Job.Cancelled, Files - MostUnderWay, Files);
        held.Line.Stalled = false;
        await Eventually.OfAsync(held.Job.Completion, "the end of what was sent");
        Assert.Equal((Files, 0), (held.Job.Done + held.Job.Cancelled, held.Job.Failed));
        Assert.Equal(0, held.Client.Operations.PendingCount);
        Assert.Equal(held.Job.Cancelled, (await held.Client.ListAsync(held.Directory)).Count);
    }

    [Fact]
    public async Task Pause_WhileItIsTakenIn_KeepsNobodyWaitingAndGoesOnLater()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        Task takenIn = await held.AskAsync();
        held.Job.Pause();
        await takenIn.Soon();
        Assert.Equal(Files, held.Client.Operations.PendingCount);
        held.Line.Stalled = false;
        held.Job.Resume();
        await Eventually.OfAsync(held.Job.Completion, "the end of the deletes");
        Assert.Equal((Files, 0, 0), (held.Job.Done, held.Job.Failed, held.Job.Cancelled));
    }

    [Fact]
    public async Task RemoveMany_TheLineIsCutMeanwhile_KeepsNobodyWaitingAndEachIsDoneOnce()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        Task takenIn = await held.AskAsync();
        held.Line.RefusesNew = true;
        held.Line.CutAll();
        await takenIn.Soon();
        Assert.Equal(Files, held.Client.Operations.PendingCount);
        held.Line.Stalled = false;
        held.Line.RefusesNew = false;
        await Eventually.OfAsync(held.Job.Completion, "the end of the deletes");
        Assert.Equal((Files, 0, 0), (held.Job.Done, held.Job.Failed, held.Job.Cancelled));
    }

    [Fact]
    public async Task RemoveMany_ReadersAskForRowsMeanwhile_BothComeToTheirEnd()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        Task takenIn = await held.AskAsync();
        held.Line.Stalled = false;
        int read = 0;
        do
            read += (await held.View.ReadAsync(read % 100, 50).Soon()).IsOk ? 1 : 0;
        while (!takenIn.IsCompleted);
        await takenIn;
        await Eventually.OfAsync(held.Job.Completion, "the end of the deletes");
        Assert.Equal((Files, 0, 0), (held.Job.Done, held.Job.Failed, held.Job.Cancelled));
        Assert.NotEqual(0, read);
    }
}
