using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>Which operations and jobs are shown: by state, and by a part of the name, the title or the place.</summary>
/// <param name="State">"", "waiting" or "failed"; what is none of them is as "".</param>
public sealed record OperationFilter(string State, string Text)
{
    public const string Waiting = "waiting";
    public const string Failed = "failed";

    public static readonly OperationFilter Everything = new("", "");

    public bool IsEverything => State is not (Waiting or Failed) && Text.Length == 0;

    public bool Passes(PendingOperation operation)
    {
        bool failed = operation.State == OperationState.Failed;
        return (State != Waiting || !failed) && (State != Failed || failed)
            && (Text.Length == 0 || Has(operation.Name.ToString()) || (operation.Job is { } job && (Has(job.Title) || Has(job.Scope))));
    }

    public bool Passes(OperationJob job) =>
        (State != Waiting || !job.IsFinished) && (State != Failed || job.Failed > 0) && (Text.Length == 0 || Has(job.Title) || Has(job.Scope));

    private bool Has(string text) => text.Contains(Text, StringComparison.OrdinalIgnoreCase);
}
