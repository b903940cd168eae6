using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>One file, directory or link of the fake tree.</summary>
public sealed class FakeInode(InodeAttributes attributes)
{
    public InodeAttributes Attributes { get; set; } = attributes;

    /// <summary>Of a directory.</summary>
    public FakeDirectory? Directory { get; init; }

    public byte[] Target { get; init; } = [];

    public byte[] Content { get; init; } = [];

    /// <summary>What reading its content answers, after <see cref="ContentFailsAfter"/> bytes of it.</summary>
    public FsErrno ContentFails { get; set; }

    public int ContentFailsAfter { get; set; }

    public Dictionary<string, byte[]> Xattrs { get; init; } = [];

    /// <summary>What removing it answers.</summary>
    public FsErrno RemovalFails { get; set; }
}
