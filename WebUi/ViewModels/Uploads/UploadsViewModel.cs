namespace Capstan.WebUi.ViewModels.Uploads;

/// <summary>Upload sets with their rates. Polled.</summary>
/// <param name="uid">Whose are shown; null: everybody's.</param>
public sealed class UploadsViewModel(IUploadLog log, TimeProvider time, uint? uid)
{
    /// <summary>States change by silence, too.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (RateMeter Files, RateMeter Bytes)> _rates = [];
    private long _counter = -1;
    private DateTimeOffset _looked;

    public IReadOnlyList<UploadProgress> Sets { get; private set; } = [];

    /// <summary>Files that are on their way; one for each set that stands still and is not finished.</summary>
    public int Pending => Sets.Sum(s => s.Set.State switch
    {
        UploadSetState.Finished => 0,
        UploadSetState.Running or UploadSetState.Waiting => s.Set.Left,
        _ => 1,
    });

    public bool Tick()
    {
        long counter = log.ChangeCounter;
        DateTimeOffset now = time.GetUtcNow();
        if (counter == _counter && (now - _looked < LookEvery || Sets.Count == 0))
            return false;
        (_counter, _looked) = (counter, now);
        IReadOnlyList<UploadProgress> before = Sets;
        Sets = [.. log.Sets().Where(s => uid is null || s.Uid == uid).Select(s => Take(s, now))];
        foreach (string gone in _rates.Keys.Where(id => Sets.All(s => s.Id != id)).ToList())
            _rates.Remove(gone);
        return !before.SequenceEqual(Sets);
    }

    private UploadProgress Take(UploadSetSnapshot set, DateTimeOffset now)
    {
        if (set.State != UploadSetState.Running)
        {
            _rates.Remove(set.Id);
            return new UploadProgress(set, 0, 0);
        }
        if (!_rates.TryGetValue(set.Id, out (RateMeter Files, RateMeter Bytes) rates))
            _rates[set.Id] = rates = (new RateMeter(), new RateMeter());
        rates.Files.Sample(now, set.Total - set.Left);
        rates.Bytes.Sample(now, set.Arrived);
        return new UploadProgress(set, rates.Files.PerSecond, rates.Bytes.PerSecond);
    }
}
