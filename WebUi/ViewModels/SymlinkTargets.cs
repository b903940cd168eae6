using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Targets of the symbolic links in sight, fetched behind the rows and remembered while the directory is open.</summary>
public sealed class SymlinkTargets(IFileSystemClient client, Caller caller, InodeId directory)
{
    private const int AtOnce = 16;
    private const int Remembered = 5000;

    private readonly Dictionary<InodeId, string?> _targets = [];
    private bool _fetching;

    public string? Of(DirectoryEntry entry) => _targets.GetValueOrDefault(entry.Attributes.Ino);

    /// <summary>Fetches what is missing; true when something came.</summary>
    public async Task<bool> FetchAsync(IEnumerable<DirectoryRow?> rows, CancellationToken cancellation)
    {
        if (_fetching)
            return false;
        List<DirectoryEntry> missing = [.. rows
            .Where(r => r is { } row && row.Entry.Attributes.Kind == FileKind.Symlink && !_targets.ContainsKey(row.Entry.Attributes.Ino))
            .Select(r => r!.Value.Entry).Take(AtOnce)];
        if (missing.Count == 0)
            return false;
        _fetching = true;
        try
        {
            if (_targets.Count > Remembered)
                _targets.Clear();
            FsResult<byte[]>[] read = await Task.WhenAll(missing.Select(e => ReadAsync(e, cancellation)));
            for (int i = 0; i < read.Length; i++)
                _targets[missing[i].Attributes.Ino] = read[i].IsOk ? NameText.Visible(System.Text.Encoding.UTF8.GetString(read[i].Value!)) : null;
            return true;
        }
        finally
        {
            _fetching = false;
        }
    }

    public Task<FsResult<byte[]>> ReadAsync(DirectoryEntry entry, CancellationToken cancellation) =>
        client.ReadLinkAsync(caller, new InodeAddress(directory, entry.Name, entry.Attributes.Ino), cancellation);
}
