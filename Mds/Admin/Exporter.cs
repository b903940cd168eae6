using Capstan.Mds.Content;
using Capstan.Mds.Posix;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Admin;

/// <summary>Writes a directory of the filesystem out to the host: what <see cref="Importer"/> takes in, the other way.</summary>
public sealed class Exporter(DataDirectory data)
{
    private const int Portion = 4_096;
    private const int ReportEvery = 256;

    private readonly TransferReport _report = new();
    private readonly Dictionary<ulong, byte[]> _linked = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly bool _ownersToo = Libc.GetUid() == 0;
    private INamespaceSnapshot _snapshot = null!;
    private HostDirectory _root = null!;
    private IProgress<TransferProgress>? _progress;
    private long _total;
    private long _done;

    /// <summary>
    /// Puts what is in <paramref name="path"/> into <paramref name="hostDirectory"/>, which is made if it is not there. Nothing there is
    /// overwritten: a name that exists is an error of that entry. Owners are set when run by root.
    /// </summary>
    public TransferReport Run(string path, string hostDirectory, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        _progress = progress;
        InodeId from = InsidePath.FindDirectory(data.Engine, path);
        using INamespaceSnapshot snapshot = data.Store.OpenSnapshot();
        using HostDirectory root = Make(hostDirectory);
        _snapshot = snapshot;
        _root = root;
        _total = from == InodeId.Root ? snapshot.ReadCounter(StoreCounter.Entries) : 0;
        Walk(from, root, cancellation);
        Report();
        return _report;
    }

    private static HostDirectory Make(string path)
    {
        if (File.Exists(path))
            throw new CommandException($"'{path}' is not a directory.");
        try
        {
            Directory.CreateDirectory(path);
            return HostDirectory.Open(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{path}' cannot be written: {failure.Message}");
        }
    }

    private void Walk(InodeId from, HostDirectory root, CancellationToken cancellation)
    {
        Stack<ExportFrame> open = [];
        open.Push(new ExportFrame(root, from, [], null, null));
        try
        {
            while (open.TryPeek(out ExportFrame? frame))
            {
                cancellation.ThrowIfCancellationRequested();
                Fill(frame);
                if (frame.Entries.TryDequeue(out (FileName Name, Inode Inode, DirectoryRecord? Directory) entry))
                {
                    if (One(frame, entry.Name, entry.Inode, entry.Directory) is { } child)
                        open.Push(child);
                    continue;
                }
                open.Pop();
                // Mode and times last: a directory without w must not refuse its own entries, and each entry touches its times.
                if (frame is { Parent: { } parent, Record: { } record })
                    Attempt(frame.Path, () => Finish(parent.Host, record.Name.ToArray(), record.Ino, record.ToAttributes()));
                if (frame.Parent is not null)
                    frame.Host.Dispose();
            }
        }
        finally
        {
            foreach (ExportFrame frame in open)
                frame.Host.Dispose();
        }
    }

    /// <summary>A directory is read in portions: it may have millions of entries.</summary>
    private void Fill(ExportFrame frame)
    {
        if (frame.Entries.Count > 0 || frame.IsRead)
            return;
        _snapshot.SeekAfter(frame.Dir, frame.After.Span);
        while (frame.Entries.Count < Portion && _snapshot.MoveNext())
        {
            Dentry dentry = default;
            FileName name = FileName.FromTrusted(_snapshot.CurrentName.ToArray());
            _snapshot.ReadCurrent(ref dentry);
            frame.Entries.Enqueue((name, dentry.Inode, dentry.Kind == DentryKind.Directory ? _snapshot.ReadDirectory(dentry.Inode.Ino) : null));
            frame.After = name;
        }
        frame.IsRead = frame.Entries.Count < Portion;
    }

    private ExportFrame? One(ExportFrame frame, FileName name, Inode inode, DirectoryRecord? directory)
    {
        byte[] bytes = name.ToArray();
        byte[] path = frame.Path.Length == 0 ? bytes : [.. frame.Path, (byte)'/', .. bytes];
        ExportFrame? child = null;
        Attempt(path, () =>
        {
            if (directory is not null)
            {
                frame.Host.MakeDirectory(bytes);
                child = new ExportFrame(frame.Host.OpenDirectory(bytes), directory.Ino, path, frame, directory);
                _report.Directories++;
                return;
            }
            if (_linked.TryGetValue(inode.Ino.Value, out byte[]? first))
            {
                frame.Host.MakeLink(_root, first, bytes);
                _report.HardLinks++;
                return;
            }
            // The listing leaves out targets of symlinks and what is shared by several names.
            Dentry dentry = default;
            _snapshot.TryGetDentry(frame.Dir, bytes, ref dentry);
            if (dentry.Kind == DentryKind.Linked)
                _snapshot.TryGetLinked(dentry.Inode.Ino, ref dentry.Inode);
            Leaf(frame.Host, bytes, in dentry.Inode);
            if (dentry.Kind == DentryKind.Linked)
                _linked.Add(dentry.Inode.Ino.Value, path);
        });
        if (++_done % ReportEvery == 0)
            Report();
        return child;
    }

    private void Leaf(HostDirectory host, byte[] name, in Inode inode)
    {
        if (inode.Kind == FileKind.Symlink)
        {
            host.MakeSymlink(inode.Target!, name);
            _report.Symlinks++;
        }
        else
        {
            Content(host, name, in inode);
            _report.Files++;
        }
        Finish(host, name, inode.Ino, inode.ToAttributes());
    }

    private void Content(HostDirectory host, byte[] name, in Inode inode)
    {
        using SafeFileHandle file = host.CreateFile(name);
        using ContentReader reader = data.Contents.Open(new ContentExtent(inode.Ino, inode.Blob, inode.Stored, inode.Size));
        // Zeros behind the stored bytes need no writing: the file is as long as it is told to be.
        for (long offset = 0; offset < inode.Stored;)
        {
            int read = reader.Read(offset, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, inode.Stored - offset)));
            RandomAccess.Write(file, _buffer.AsSpan(0, read), offset);
            offset += read;
        }
        if (inode.Size > inode.Stored)
            RandomAccess.SetLength(file, inode.Size);
        _report.Bytes += inode.Size;
    }

    private void Finish(HostDirectory host, byte[] name, InodeId ino, InodeAttributes attributes)
    {
        if (_ownersToo)
            host.ChangeOwner(name, attributes.Uid, attributes.Gid);
        if (attributes.Xattrs != 0)
        {
            List<byte[]> keys = [];
            _snapshot.ReadXattrNames(ino, keys);
            foreach (byte[] key in keys)
            {
                host.WriteXattr(name, key, _snapshot.ReadXattr(ino, key)!);
                _report.Xattrs++;
            }
        }
        if (attributes.Kind != FileKind.Symlink)
            host.ChangeMode(name, attributes.Mode & InodeAttributes.PermissionMask);
        host.ChangeTimes(name, attributes.AtimeNs, attributes.MtimeNs);
    }

    private void Attempt(byte[] path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreException { Errno: FsErrno.Io })
        {
            // Escapes what is no UTF-8; '/' in a trusted name does no harm to showing it.
            _report.AddError(FileName.FromTrusted(path).ToString(), failure.Message);
        }
    }

    private void Report() => _progress?.Report(new TransferProgress(_done, _total, _report.Bytes, _report.ErrorCount));
}
