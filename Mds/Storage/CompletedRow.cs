namespace Capstan.Mds.Storage;

/// <summary>What one session completed in one commit group, encoded; <see cref="First"/> and <see cref="Last"/> are its lowest and highest tid.</summary>
internal sealed record CompletedRow(long First, long Last, byte[] Results);
