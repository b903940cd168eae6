namespace Capstan.Mds.Admin;

/// <summary>How far an import or export is. <see cref="Total"/> entries were counted before it began; 0: not known.</summary>
public readonly record struct TransferProgress(long Done, long Total, long Bytes, long Errors);
