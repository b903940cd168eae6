using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

/// <summary>Where a job is written down, so that it survives the process. Called under locks: only what stops the job may take time.</summary>
internal interface IJobNotes
{
    void Done(InodeId subject);

    /// <summary>It was not there as it had been seen.</summary>
    void Missing(InodeId subject);

    void Paused(bool isPaused);

    void Cancelled();

    /// <summary>Nothing is left to be done.</summary>
    void Over();
}
