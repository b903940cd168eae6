using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>One cap record.</summary>
/// <param name="Used">What something relies on right now.</param>
public sealed record CapSnapshot(InodeId Ino, string? Path, CapBits Issued, CapBits Wanted, CapBits Used, TimeSpan Age, int Viewers, int OperationsInFlight, bool IsRevoking);
