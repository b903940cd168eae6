using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>A count of fake trees: it is through when it is made.</summary>
internal sealed class FakeTreeCount : ITreeCount
{
    public FakeTreeCount(FakeFileSystem files, IReadOnlyList<DirectoryEntry> entries)
    {
        foreach (DirectoryEntry entry in entries)
            Count(files, entry);
    }

    public long ChangeCounter => 1;

    public bool IsComplete => true;

    public long Files { get; private set; }

    public long Folders { get; private set; }

    public long Bytes { get; private set; }

    public long Unreadable => 0;

    public void Dispose()
    {
    }

    private void Count(FakeFileSystem files, DirectoryEntry entry)
    {
        if (!entry.Attributes.IsDirectory)
        {
            Files++;
            Bytes += entry.Attributes.Kind == FileKind.File ? entry.Attributes.Size : 0;
            return;
        }
        Folders++;
        List<DirectoryRow> rows = [];
        FakeDirectory directory = files.DirectoryOf(entry.Attributes.Ino);
        directory.Read(0, directory.Count, rows);
        foreach (DirectoryRow row in rows)
            Count(files, row.Entry);
    }
}
