using System.Collections.Immutable;
using Capstan.Shared;

namespace Capstan.ClientGateway.Directories;

/// <summary>
/// Rows whose removal has been asked for and has not begun, told by who asks and not by name: a million cost as much as one. Followed under the
/// gateway's lock, asked outside of it.
/// </summary>
internal sealed class LeavingRows(Func<DirectoryEntry, bool> which)
{
    private volatile ImmutableHashSet<FileName> _came = [];

    public bool Has(DirectoryEntry entry) => which(entry) && !_came.Contains(entry.Name);

    /// <summary>The name came, or came to be another inode, after the removal was asked for: it is not meant.</summary>
    public void Came(FileName name) => _came = _came.Add(name);
}
