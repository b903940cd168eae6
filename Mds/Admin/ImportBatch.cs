using Capstan.Mds.Content;
using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Admin;

/// <summary>
/// A few thousand entries in one transaction. Their contents are made durable by one sync of the disk before the commit,
/// instead of two fsyncs a file; when there is no commit they are deleted.
/// </summary>
internal sealed class ImportBatch(DataDirectory data)
{
    private const int MaxEntries = 4_000;
    private const long MaxBytes = 512L * 1024 * 1024;

    private readonly List<ContentTicket> _filed = [];
    private int _entries;
    private long _bytes;

    public void Begin()
    {
        data.Engine.BeginGroup();
        _entries = 0;
        _bytes = 0;
    }

    /// <summary>Files a copy of the source and lets the inode show it. How many bytes it has.</summary>
    public long Content(InodeAddress address, SafeFileHandle source, byte[] buffer)
    {
        int read = RandomAccess.Read(source, buffer, 0);
        if (read == 0)
            return 0;
        using StagedContent staged = data.Contents.Stage();
        for (; read > 0; read = RandomAccess.Read(source, buffer, staged.Length))
            staged.Write(buffer.AsSpan(0, read));
        if (data.Engine.StageContent(Caller.Root, address, null, out ContentTicket ticket) is var errno and not FsErrno.Ok)
            throw new ImportRefusedException(errno);
        long size = staged.Length;
        _filed.Add(ticket);
        data.Contents.PublishLater(staged, ticket.Ino, ticket.Version);
        OperationOutcome outcome = data.Engine.CommitContent(Caller.Root, address, ticket, size, null, null);
        if (!outcome.IsOk)
            throw new ImportRefusedException(outcome.Errno);
        _bytes += size;
        return size;
    }

    public void CommitIfFull()
    {
        if (++_entries < MaxEntries && _bytes < MaxBytes)
            return;
        Commit();
        Begin();
    }

    public void Commit()
    {
        if (_filed.Count > 0)
            data.Contents.SyncAll();
        data.Engine.CommitGroup();
        foreach (ContentTicket ticket in _filed)
            data.Engine.ReleaseContent(ticket);
        _filed.Clear();
    }

    /// <summary>After a failure; harmless after <see cref="Commit"/>.</summary>
    public void Abandon()
    {
        data.Engine.AbortGroup();
        foreach (ContentTicket ticket in _filed)
        {
            data.Engine.ReleaseContent(ticket);
            data.Contents.Delete(ticket.Ino, ticket.Version);
        }
        _filed.Clear();
    }
}
