using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Capability bits in words.</summary>
public static class CapText
{
    /// <summary>Without spaces, as in "AsLsXsFsFxDu"; "–" for none.</summary>
    public static string Short(CapBits bits) => bits == CapBits.None
        ? "–"
        : string.Concat(Enum.GetValues<CapBits>().Where(b => IsSingle(b) && bits.HasFlag(b)));

    /// <summary>One bit, and not a name for several.</summary>
    public static bool IsSingle(CapBits bits) => bits != CapBits.None && ((ushort)bits & ((ushort)bits - 1)) == 0;

    public static string Meaning(CapBits bit) => bit switch
    {
        CapBits.As => "Owner and mode, shared",
        CapBits.Ax => "Owner and mode, exclusive",
        CapBits.Ls => "Link count, shared",
        CapBits.Lx => "Link count, exclusive",
        CapBits.Xs => "Extended attributes, shared",
        CapBits.Xx => "Extended attributes, exclusive",
        CapBits.Fs => "Contents or entries, shared",
        CapBits.Fx => "Contents or entries, exclusive",
        CapBits.Du => "Unlink ahead of the reply",
        _ => bit.ToString(),
    };
}
