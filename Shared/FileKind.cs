namespace Capstan.Shared;

/// <summary>The type bits of <see cref="InodeAttributes.Mode"/> (S_IFMT), shifted right by 12.</summary>
public enum FileKind : byte
{
    Unknown = 0,
    Directory = 4,
    File = 8,
    Symlink = 10,
}
