namespace Capstan.Mds.Storage;

/// <summary>Another MDS, or a tool, is using this data directory.</summary>
public sealed class DataDirectoryInUseException(string dataDirectory)
    : Exception($"The data directory '{dataDirectory}' is in use by another MDS or tool. Stop it first, or choose another directory with --data.");
