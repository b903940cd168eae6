namespace Capstan.Mds.Posix;

/// <summary>A name in a host directory, as the bytes it is; <see cref="IsDirectory"/> is null where the filesystem does not tell without a stat.</summary>
internal readonly record struct HostEntry(byte[] Name, bool? IsDirectory);
