using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Undo;

/// <summary>What this page's user did, so that a key can take back the last of it. Lives as long as its circuit.</summary>
public sealed class UndoHistory(IFileSystemClient client)
{
    private const int Kept = 100;

    private readonly List<OperationJob> _did = [];

    /// <summary>The last job of this page that can be undone. One that has done nothing yet is stopped: the one before it is not what was meant.</summary>
    public OperationJob? Last => _did.FindLast(job => !job.IsToBeUndone && (job.CanUndo || !job.IsFinished));

    /// <summary>This page's user has asked for it.</summary>
    public void Did(OperationJob job)
    {
        _did.Add(job);
        if (_did.Count > Kept)
            _did.RemoveAt(0);
    }

    public static bool CanUndo(OperationJob job, Caller caller) => job.CanUndo && !job.IsToBeUndone && (job.Caller.Uid == caller.Uid || caller.Uid == 0);

    /// <returns>The job that takes back; null when nothing had been done, or it was undone already.</returns>
    public Task<OperationJob?> UndoAsync(OperationJob job) => client.Operations.UndoAsync(job);
}
