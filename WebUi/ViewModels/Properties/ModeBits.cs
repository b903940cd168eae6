namespace Capstan.WebUi.ViewModels.Properties;

/// <summary>Permission bits of one entry or of many: each is on, off, or not the same in all, and may be changed.</summary>
public sealed class ModeBits
{
    private readonly uint _all;
    private readonly uint _any;

    public ModeBits(IEnumerable<uint> modes)
    {
        const uint Mask = Shared.InodeAttributes.PermissionMask;
        _all = modes.Aggregate(Mask, (all, mode) => all & mode) & Mask;
        _any = modes.Aggregate(0u, (any, mode) => any | mode) & Mask;
    }

    /// <summary>Bits that the user has given, and taken.</summary>
    public uint Set { get; private set; }

    public uint Cleared { get; private set; }

    /// <summary>Null: it differs, and stays as it is.</summary>
    public bool? this[uint bit] => (Set & bit) != 0 ? true : (Cleared & bit) != 0 ? false : (_all & bit) != 0 ? true : (_any & bit) == 0 ? false : null;

    /// <summary>The same for all; null while some bit differs.</summary>
    public uint? Mode => ((_any & ~_all) & ~(Set | Cleared)) == 0 ? (_all | Set) & ~Cleared : null;

    public string Octal => Mode is { } mode ? Convert.ToString(mode, 8).PadLeft(4, '0') : "";

    public void Toggle(uint bit)
    {
        bool on = this[bit] is not true;
        (Set, Cleared) = on ? (Set | bit, Cleared & ~bit) : (Set & ~bit, Cleared | bit);
        Settle();
    }

    /// <summary>False for what is no mode.</summary>
    public bool TrySetOctal(string text)
    {
        text = text.Trim();
        if (text.Length is < 3 or > 4 || text.Any(c => c is < '0' or > '7'))
            return false;
        uint mode = Convert.ToUInt32(text, 8);
        (Set, Cleared) = (mode, ~mode & Shared.InodeAttributes.PermissionMask);
        Settle();
        return true;
    }

    // What is so already is no change.
    private void Settle()
    {
        Set &= ~_all;
        Cleared &= _any;
    }
}
