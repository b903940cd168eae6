namespace Capstan.ClientGateway.Jobs;

/// <summary>How a job ended whose undo is offered for a while.</summary>
internal readonly record struct JobEnd(int Total, int Done, int Failed, int Cancelled, long Bytes, TimeSpan Duration)
{
    public static JobEnd Of(OperationJob job) => new(job.Total, job.Done, job.Failed, job.Cancelled, job.BytesDone, job.Duration);
}
