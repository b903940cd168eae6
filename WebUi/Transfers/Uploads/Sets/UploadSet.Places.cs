using Capstan.Shared;

namespace Capstan.WebUi.Transfers.Uploads.Sets;

// Single files of the set.
internal sealed partial class UploadSet
{
    /// <summary>The upload that keeps what has arrived of the file; null when none does.</summary>
    public string? PartialOf(int at)
    {
        lock (_lock)
            return _partial.FirstOrDefault(p => p.Value == at).Key;
    }

    public void AddPartial(string upload, int at)
    {
        lock (_lock)
            _partial[upload] = at;
        _changed();
    }

    public void RemovePartial(string upload)
    {
        lock (_lock)
            _partial.Remove(upload);
        _changed();
    }

    /// <summary>How the file has ended; null when it has not.</summary>
    public string? ResultOf(int at)
    {
        lock (_lock)
            return at >= 0 && at < _outcomes.Count && _outcomes[at].HasEnded() ? _outcomes[at].Word() : null;
    }

    /// <summary>Empty folders that have not been made.</summary>
    public IReadOnlyList<UploadPlan> FoldersLeft()
    {
        List<UploadPlan> left = [];
        foreach ((int at, string path) in HasEnded ? [] : _file.Folders())
        {
            lock (_lock)
            {
                if (at >= _outcomes.Count || _outcomes[at].HasEnded())
                    continue;
            }
            if (UploadPlan.TryCreate(Folder, path, "folder", null, null, 0, Uid, out UploadPlan plan))
                left.Add(plan with { Set = Id, At = at });
        }
        return left;
    }

    /// <summary>Stores the file unless it is stored already, or just now by another request.</summary>
    /// <param name="place">Told whether an earlier attempt may have stored it, and nobody has noted that.</param>
    public async Task<Placed> PlaceOnceAsync(UploadPlan plan, Func<bool, Task<Placed>> place)
    {
        int at = plan.At;
        Task<Placed>? other;
        TaskCompletionSource<Placed> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool mayBeThere;
        lock (_lock)
        {
            if (at < 0 || at >= _outcomes.Count)
                return new Placed(FsErrno.Invalid, "", plan.Path.Name);
            if (_outcomes[at].HasEnded())
                return new Placed(FsErrno.Ok, _outcomes[at].Word(), plan.Path.Name);
            mayBeThere = _outcomes[at] == UploadOutcome.Begun;
            if (!_placing.TryGetValue(at, out other))
            {
                _placing.Add(at, mine.Task);
                Note(at, UploadOutcome.Begun); // (1)
            }
        }
        if (other is not null)
            return await other;
        Placed placed = new(FsErrno.Io, "", plan.Path.Name);
        try
        {
            return placed = await place(mayBeThere);
        }
        finally
        {
            lock (_lock)
            {
                _placing.Remove(at);
                if (placed.Errno == FsErrno.Ok)
                    Note(at, UploadOutcomes.Of(placed.Result)); // (2)
                else if (placed.Errno is not (FsErrno.Io or FsErrno.NotConnected or FsErrno.KeyExpired or FsErrno.TimedOut))
                    Note(at, UploadOutcome.None); // It is certain that it is not there.
            }
            mine.SetResult(placed);
            _changed();
        }
    }
}
