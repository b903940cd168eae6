using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

// Operations of a bulk change, done as one.
internal sealed partial class NamespaceEngine
{
    /// <summary>What <see cref="Footprint(FsOperation, List{DirectoryUse})"/> says of each of its operations, together.</summary>
    public FsErrno Footprint(RequestRun run, List<DirectoryUse> uses) => _footprints.Of(run, uses);

    /// <summary>
    /// Does the longest part of a run, from <paramref name="start"/> on, that can be done at once with the outcome of one operation
    /// after the other. What cannot (an empty part) is for <see cref="Apply"/>, which knows why.
    /// </summary>
    public RunOutcome ApplyRun(RequestRun run, int start)
    {
        RequireGroup();
        _tree.BeginOperation();
        try
        {
            return run.Operations[start] switch
            {
                UnlinkOperation => _removals.UnlinkRun(run, start),
                TrashOperation => _trash.MoveRun(run, start),
                _ => _creations.CreateRun(run, start),
            };
        }
        catch
        {
            AbortGroup();
            throw;
        }
    }

    /// <summary>Remembers successes in the transaction of their changes.</summary>
    public void Complete(SessionId session, CompletedRun run)
    {
        RequireGroup();
        _completed.Complete(session, run);
    }
}
