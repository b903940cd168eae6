namespace Capstan.Mds.Storage;

/// <summary>Takes one row of a directory; the name is good until it returns. False: no more.</summary>
internal delegate bool DentryVisitor(ReadOnlySpan<byte> name, in Dentry dentry);
