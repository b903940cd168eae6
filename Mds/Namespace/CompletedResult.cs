using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>What the reply to a successful mutation said, so that a repeat can be told the same.</summary>
internal readonly record struct CompletedResult(InodeAttributes? Attributes);
