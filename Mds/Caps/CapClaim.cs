namespace Capstan.Mds.Caps;

/// <summary>The directories that something which waits for caps is going to touch, kept from one try to the next. While it is out nobody is granted them exclusively.</summary>
internal sealed class CapClaim
{
    public DirectoryCaps[] Directories { get; set; } = [];
}
