using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// What is in a selection and under its folders, worked out when somebody asks: ranges name rows that may never have been read, and reading them to
/// draw a number would push out what is looked at.
/// </summary>
public sealed class SelectionSum(IFileSystemClient client, Caller caller, DirectoryViewModel directory) : IDisposable
{
    private long _selected;
    private int _read;
    private bool _isReading;
    private bool _isDisposed;

    public FsErrno Errno { get; private set; }

    /// <summary>What is in it; null until it has been read.</summary>
    public ITreeCount? Count { get; private set; }

    public bool IsWorking => _isReading || Count is { IsComplete: false };

    /// <summary>How far the reading is, or why it came to nothing; null before and after it.</summary>
    public string? Text =>
        _isReading ? $"Reading {SizeText.Number(_read)} of {SizeText.Number(_selected)}…"
        : Errno != FsErrno.Ok ? $"The selection could not be read. {ErrorText.Of(Errno).Sentence}"
        : null;

    /// <summary>Reads the selection and has its trees counted. Once: what is selected afterwards has a sum of its own.</summary>
    public async Task BeginAsync(CancellationToken cancellation = default)
    {
        if (IsWorking)
            return;
        (_isReading, _read, _selected, Errno) = (true, 0, directory.Selection.Count, FsErrno.Ok);
        try
        {
            FsResult<IReadOnlyList<DirectoryEntry>> entries = await directory.ReadSelectionAsync(found => _read = found, cancellation);
            Errno = entries.Errno;
            if (entries.IsOk && !_isDisposed)
                Count = client.CountTrees(caller, entries.Value!);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        finally
        {
            _isReading = false;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        Count?.Dispose();
    }
}
