namespace Capstan.Shared;

/// <summary>
/// Rights granted on an inode, after CephFS's cap classes (Auth, Link, Xattr, File; s shared, x exclusive).
/// <code>
/// bit  8   7   6   5   4   3   2   1   0
///      Du  Fx  Fs  Xx  Xs  Lx  Ls  Ax  As
/// </code>
/// On a directory's record As and Xs cover the directory itself, Fs Fx Du its entries, and Ls Lx its
/// single-linked children (the child caps: one record a directory, never one an entry).
/// </summary>
[Flags]
public enum CapBits : ushort
{
    None = 0,
    As = 1 << 0,
    Ax = 1 << 1,
    Ls = 1 << 2,
    Lx = 1 << 3,
    Xs = 1 << 4,
    Xx = 1 << 5,
    Fs = 1 << 6,
    Fx = 1 << 7,
    Du = 1 << 8,

    /// <summary>What every session that lists a directory may hold.</summary>
    Shared = As | Ls | Xs | Fs,

    /// <summary>What only the sole interested session may hold: all that an asynchronous unlink needs.</summary>
    Exclusive = Fx | Du | Lx,

    All = Shared | Exclusive,
}
