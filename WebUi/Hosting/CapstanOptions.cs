namespace Capstan.WebUi.Hosting;

/// <summary>What <c>Capstan:*</c> in the configuration and the command line say; the command line wins.</summary>
public sealed class CapstanOptions
{
    public const string Section = "Capstan";

    public const string DefaultListen = "http://127.0.0.1:5080";

    /// <summary>Where the embedded MDS keeps its store.</summary>
    public string Data { get; set; } = "./data";

    /// <summary>A host directory that is copied into an empty store at the first start.</summary>
    public string? Import { get; set; }

    /// <summary>Address of an MDS elsewhere; none: one is embedded.</summary>
    public string? Mds { get; set; }

    /// <summary>A Redis that several web servers share as a second level of cached listings, as host:port; optional.</summary>
    public string? Redis { get; set; }

    /// <summary>Of the embedded MDS: days after which what is in the trash is deleted for good; 0 keeps it until somebody empties the trash.</summary>
    public int TrashRetention { get; set; } = 30;

    /// <summary>Where browsers reach us. Loopback only, until users can log in. Port 0 takes any free one.</summary>
    public string Listen { get; set; } = DefaultListen;

    public IdentityOptions Identity { get; set; } = new();
}

/// <summary>On whose behalf requests are made; what is not set is the identity of this process.</summary>
public sealed class IdentityOptions
{
    public uint? Uid { get; set; }

    public uint? Gid { get; set; }

    public uint[]? Groups { get; set; }
}
