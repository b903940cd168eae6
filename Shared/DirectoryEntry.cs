namespace Capstan.Shared;

/// <summary>A dentry with its inode's attributes.</summary>
public sealed record DirectoryEntry(FileName Name, InodeAttributes Attributes);
