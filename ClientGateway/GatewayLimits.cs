namespace Capstan.ClientGateway;

/// <summary>What can be set while the gateway runs.</summary>
public sealed record GatewayLimits(long PageBudgetBytes, int MaxReadaheadPages, int MaxInFlight, int MaxInFlightPerDirectory);
