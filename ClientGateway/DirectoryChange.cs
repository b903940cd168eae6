using Capstan.Shared;

namespace Capstan.ClientGateway;

public enum DirectoryChangeKind
{
    /// <summary>A name that was not in the view is.</summary>
    Added,

    /// <summary>A name that was in the view is not.</summary>
    Removed,

    /// <summary>The name stayed, and is another inode now.</summary>
    Replaced,
}

/// <summary>One change of the set of rows in a directory view. Selections follow these, so that they never grow by what their user did not see.</summary>
public readonly record struct DirectoryChange(DirectoryChangeKind Kind, FileName Name);
