namespace Capstan.Mds.Admin;

/// <summary>What an import or export did. One file that fails does not stop it.</summary>
public sealed class TransferReport
{
    private const int MaxErrorsKept = 1_000;

    private readonly List<string> _errors = [];

    public long Files { get; internal set; }

    public long Directories { get; internal set; }

    public long Symlinks { get; internal set; }

    /// <summary>Further names of files that were counted already.</summary>
    public long HardLinks { get; internal set; }

    public long Xattrs { get; internal set; }

    public long Bytes { get; internal set; }

    /// <summary>Sockets, devices and pipes.</summary>
    public long Skipped { get; internal set; }

    /// <summary>Files that were there already, with the same size and time.</summary>
    public long Unchanged { get; internal set; }

    public long ErrorCount { get; private set; }

    /// <summary>The first of them, each with its path.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public long Entries => Files + Directories + Symlinks + HardLinks + Skipped + Unchanged;

    internal void AddError(string path, string reason)
    {
        ErrorCount++;
        if (_errors.Count < MaxErrorsKept)
            _errors.Add($"{path}: {reason}");
    }

    public override string ToString()
    {
        List<string> parts = [$"{Files:N0} files ({Bytes:N0} bytes)", $"{Directories:N0} directories", $"{Symlinks:N0} symlinks", $"{HardLinks:N0} hard links", $"{Xattrs:N0} xattrs"];
        if (Unchanged > 0)
            parts.Add($"{Unchanged:N0} there already");
        if (Skipped > 0)
            parts.Add($"{Skipped:N0} sockets, devices and pipes skipped");
        if (ErrorCount > 0)
            parts.Add($"{ErrorCount:N0} errors");
        return string.Join(", ", parts);
    }
}
