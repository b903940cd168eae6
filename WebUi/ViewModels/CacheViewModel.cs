using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>The gateway's figures, as tiles and sorted tables.</summary>
public sealed class CacheViewModel(IFileSystemClient client)
{
    public const int DirectoriesShown = 200;

    public GatewaySnapshot Snapshot { get; private set; } = client.Snapshot();

    public IReadOnlyList<DirectorySnapshot> Directories => [.. Snapshot.Directories.OrderByDescending(d => d.Bytes).ThenBy(d => d.Path).Take(DirectoriesShown)];

    public int DirectoriesLeftOut => Math.Max(0, Snapshot.Directories.Count - DirectoriesShown);

    public IEnumerable<(string Reason, long Count, double Share)> Fallbacks
    {
        get
        {
            double total = Math.Max(1, Snapshot.Fallbacks.Values.Sum());
            return Snapshot.Fallbacks.Where(f => f.Value > 0).OrderByDescending(f => f.Value).Select(f => (OperationText.Reason(f.Key), f.Value, f.Value / total));
        }
    }

    public IEnumerable<(string Bit, string Meaning, int Count)> Caps =>
        Snapshot.CapsByClass.OrderBy(c => c.Key).Select(c => (c.Key.ToString(), CapText.Meaning(c.Key), c.Value));

    public double? AsynchronousRatio => new HitRatio(Snapshot.AsynchronousOperations, Snapshot.PipelinedOperations).Value;

    public double? ReadaheadUseful => new HitRatio(Snapshot.ReadaheadUseful, Snapshot.ReadaheadWasted).Value;

    public double MemoryFraction => Snapshot.BudgetBytes <= 0 ? 0 : Math.Clamp((double)Snapshot.CachedBytes / Snapshot.BudgetBytes, 0, 1);

    public double? SavedFraction => new HitRatio(Snapshot.RoundTripsSaved, Snapshot.Requests).Value;

    public bool Tick()
    {
        Snapshot = client.Snapshot();
        return true;
    }
}
