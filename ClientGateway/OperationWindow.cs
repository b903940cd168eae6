namespace Capstan.ClientGateway;

/// <summary>A part of the pending and failed operations that pass a filter, with the counts of all that do.</summary>
/// <param name="Oldest">Age of the oldest pending one; zero when there is none.</param>
public sealed record OperationWindow(IReadOnlyList<PendingOperation> Rows, int Pending, int Failed, TimeSpan Oldest)
{
    public int Total => Pending + Failed;

    /// <summary>Takes operations one by one, oldest first.</summary>
    internal sealed class Builder(Func<PendingOperation, bool> filter, int first, int count)
    {
        private readonly List<PendingOperation> _rows = [];
        private PendingOperation? _oldest;
        private int _pending;
        private int _failed;

        public void Add(PendingOperation operation)
        {
            if (!filter(operation))
                return;
            int rank = _pending + _failed;
            if (rank >= first && _rows.Count < count)
                _rows.Add(operation);
            if (operation.State == OperationState.Failed)
            {
                _failed++;
                return;
            }
            _pending++;
            _oldest ??= operation;
        }

        public OperationWindow Build() => new(_rows, _pending, _failed, _oldest?.Age ?? TimeSpan.Zero);
    }
}
