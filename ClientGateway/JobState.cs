namespace Capstan.ClientGateway;

/// <summary>Where a job stands. One that was cancelled is <see cref="Finished"/>, with what it left out in <see cref="OperationJob.Cancelled"/>.</summary>
public enum JobState
{
    /// <summary>It goes on, or will as soon as <see cref="OperationJob.WaitingFor"/> is there.</summary>
    Running,

    /// <summary>Somebody has stopped it for a while: nothing new is sent, what was sent comes to its end.</summary>
    Paused,

    /// <summary>The program ended before it did. <see cref="OperationJob.Resume"/> goes on with what is left, <see cref="IOperationLog.Dismiss(OperationJob)"/> gives it up.</summary>
    Interrupted,

    Finished,
}
