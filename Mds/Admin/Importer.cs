using Capstan.Mds.Namespace;
using Capstan.Mds.Posix;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Admin;

/// <summary>
/// Brings a directory of the host in: names as bytes, modes, owners, times, symlinks, hard links, xattrs and contents. It
/// commits every few thousand entries, and what it has committed is whole; a second run goes on where a first one stopped.
/// </summary>
public sealed class Importer(DataDirectory data)
{
    private const int ReportEvery = 256;

    private readonly TransferReport _report = new();
    private readonly Dictionary<(ulong Device, ulong Ino), InodeAddress> _linked = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly ImportBatch _batch = new(data);
    private IProgress<TransferProgress>? _progress;
    private long _total;
    private long _done;

    private NamespaceEngine Engine => data.Engine;

    /// <summary>
    /// Puts what is in <paramref name="hostDirectory"/> into <paramref name="path"/>, which is made if it is not there. Throws
    /// <see cref="CommandException"/> when it cannot begin and <see cref="StoreException"/> when the disk is full; a file that fails is counted.
    /// </summary>
    public TransferReport Run(string hostDirectory, string path, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        _progress = progress;
        using HostDirectory root = Open(hostDirectory);
        _total = Count(root, cancellation);
        try
        {
            _batch.Begin();
            InodeId into = InsidePath.MakeDirectories(Engine, path);
            using HostDirectory again = Open(hostDirectory);
            Walk(again, into, cancellation);
            _batch.Commit();
        }
        finally
        {
            _batch.Abandon();
        }
        Report();
        return _report;
    }

    private static HostDirectory Open(string path)
    {
        if (!Directory.Exists(path))
            throw new CommandException(File.Exists(path) ? $"'{path}' is not a directory." : $"There is no directory '{path}'.");
        try
        {
            return HostDirectory.Open(path);
        }
        catch (HostErrorException failure)
        {
            throw new CommandException($"'{path}' cannot be read: {failure.Message}");
        }
    }

    /// <summary>For the progress bar: names alone, which is quick.</summary>
    private static long Count(HostDirectory root, CancellationToken cancellation)
    {
        long total = 0;
        Stack<(HostDirectory Dir, Queue<byte[]> Left)> open = [];
        open.Push((root, Subdirectories(root)));
        while (open.TryPeek(out (HostDirectory Dir, Queue<byte[]> Left) top))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!top.Left.TryDequeue(out byte[]? name))
            {
                open.Pop();
                if (top.Dir != root)
                    top.Dir.Dispose();
                continue;
            }
            try
            {
                HostDirectory child = top.Dir.OpenDirectory(name);
                open.Push((child, Subdirectories(child)));
            }
            catch (HostErrorException)
            {
                // The import itself will say what is wrong with it.
            }
        }
        return total;

        Queue<byte[]> Subdirectories(HostDirectory dir)
        {
            List<HostEntry> entries = dir.ReadEntries();
            total += entries.Count;
            return new Queue<byte[]>(entries.Where(entry => entry.IsDirectory == true).Select(entry => entry.Name));
        }
    }

    private void Walk(HostDirectory root, InodeId into, CancellationToken cancellation)
    {
        Stack<ImportFrame> open = [];
        open.Push(new ImportFrame(root, into, "", null));
        try
        {
            while (open.TryPeek(out ImportFrame? frame))
            {
                cancellation.ThrowIfCancellationRequested();
                frame.Entries ??= new Queue<HostEntry>(Attempt(frame.Path, frame.Host.ReadEntries) ?? []);
                if (frame.Entries.TryDequeue(out HostEntry entry))
                {
                    if (One(frame, entry.Name) is { } child)
                        open.Push(child);
                    continue;
                }
                // Its times last: each entry that came in has touched them.
                if (frame.Stat is { } stat)
                    SetAttributes(InodeAddress.ByNumber(frame.Dir), stat, isSymlink: false);
                open.Pop().Host.Dispose();
            }
        }
        finally
        {
            foreach (ImportFrame frame in open)
                frame.Host.Dispose();
        }
    }

    /// <summary>One name; a frame when it is a directory to go into.</summary>
    private ImportFrame? One(ImportFrame frame, byte[] bytes)
    {
        FileName name = FileName.Create(bytes);
        string path = $"{frame.Path}/{name}";
        ImportFrame? child = null;
        Attempt(path, () =>
        {
            StatX stat = frame.Host.Stat(bytes);
            switch ((FileKind)(stat.Mode >> 12))
            {
                case FileKind.Directory:
                    child = Enter(frame, name, bytes, path, stat);
                    break;
                case FileKind.File:
                    RegularFile(frame, name, bytes, stat);
                    break;
                case FileKind.Symlink:
                    Symlink(frame, name, bytes, stat);
                    break;
                default:
                    _report.Skipped++;
                    break;
            }
            return true;
        });
        if (++_done % ReportEvery == 0)
            Report();
        _batch.CommitIfFull();
        return child;
    }

    private ImportFrame Enter(ImportFrame frame, FileName name, byte[] bytes, string path, StatX stat)
    {
        HostDirectory host = frame.Host.OpenDirectory(bytes);
        try
        {
            OperationOutcome outcome = Engine.Apply(Caller.Root, new MkdirOperation(frame.Dir, name, stat.Mode));
            if (outcome.Errno == FsErrno.Exists)
                outcome = Engine.Apply(Caller.Root, new LookupOperation(frame.Dir, [name], CapBits.None));
            InodeAttributes made = Require(outcome);
            if (!made.IsDirectory)
                throw new ImportRefusedException(FsErrno.Exists);
            Xattrs(frame.Host, bytes, InodeAddress.ByNumber(made.Ino));
            _report.Directories++;
            return new ImportFrame(host, made.Ino, path, stat);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private void Symlink(ImportFrame frame, FileName name, byte[] bytes, StatX stat)
    {
        byte[] target = frame.Host.ReadLink(bytes);
        OperationOutcome outcome = Engine.Apply(Caller.Root, new SymlinkOperation(frame.Dir, name, target));
        if (outcome.Errno == FsErrno.Exists && IsSame(frame.Dir, name, stat))
            return;
        InodeAddress address = new(frame.Dir, name, Require(outcome).Ino);
        Xattrs(frame.Host, bytes, address);
        SetAttributes(address, stat, isSymlink: true);
        _report.Symlinks++;
    }

    private void RegularFile(ImportFrame frame, FileName name, byte[] bytes, StatX stat)
    {
        (ulong, ulong) key = (((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor, stat.Ino);
        if (stat.Nlink > 1 && _linked.TryGetValue(key, out InodeAddress first))
        {
            OperationOutcome linked = Engine.Apply(Caller.Root, new LinkOperation(first, frame.Dir, name));
            if (linked.Errno == FsErrno.Exists && IsSame(frame.Dir, name, stat))
                return;
            Require(linked);
            _report.HardLinks++;
            return;
        }
        using SafeFileHandle source = frame.Host.OpenFile(bytes);
        OperationOutcome outcome = Engine.Apply(Caller.Root, new CreateOperation(frame.Dir, name, stat.Mode, Exclusive: true));
        if (outcome.Errno == FsErrno.Exists && IsSame(frame.Dir, name, stat))
            return;
        InodeAddress address = new(frame.Dir, name, Require(outcome).Ino);
        try
        {
            _report.Bytes += _batch.Content(address, source, _buffer);
            Xattrs(frame.Host, bytes, address);
            SetAttributes(address, stat, isSymlink: false);
        }
        catch (Exception failure) when (failure is HostErrorException or IOException or ImportRefusedException)
        {
            // Half a file would look like a whole one.
            Require(Engine.Apply(Caller.Root, new UnlinkOperation(frame.Dir, name, address.Ino)), mayBeEmpty: true);
            throw;
        }
        if (stat.Nlink > 1)
            _linked.Add(key, address);
        _report.Files++;
    }

    private bool IsSame(InodeId dir, FileName name, StatX stat)
    {
        InodeAttributes there = Require(Engine.Apply(Caller.Root, new LookupOperation(dir, [name], CapBits.None)));
        if (there.Mode >> 12 != stat.Mode >> 12 || there.Size != (long)stat.Size || there.MtimeNs != stat.MtimeNs)
            return false;
        _report.Unchanged++;
        if (stat.Nlink > 1)
            _linked.TryAdd((((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor, stat.Ino), new InodeAddress(dir, name, there.Ino));
        return true;
    }

    private void SetAttributes(InodeAddress address, StatX stat, bool isSymlink) => Require(Engine.Apply(Caller.Root, new SetAttrOperation(address)
    {
        Mode = isSymlink ? null : stat.Mode & InodeAttributes.PermissionMask,
        Uid = stat.Uid,
        Gid = stat.Gid,
        MtimeNs = stat.MtimeNs,
        AtimeNs = stat.AtimeNs,
    }));

    private void Xattrs(HostDirectory host, byte[] name, InodeAddress address)
    {
        foreach ((byte[] key, byte[] value) in host.ReadXattrs(name))
        {
            Require(Engine.Apply(Caller.Root, new SetXattrOperation(address, key, value, XattrMode.Either)));
            _report.Xattrs++;
        }
    }

    private static InodeAttributes Require(OperationOutcome outcome, bool mayBeEmpty = false) =>
        !outcome.IsOk ? throw new ImportRefusedException(outcome.Errno) : mayBeEmpty && outcome.Attributes.Count == 0 ? null! : outcome.Attributes[0];

    private T? Attempt<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ImportRefusedException)
        {
            _report.AddError(path.Length == 0 ? "/" : path, failure.Message);
            return default;
        }
    }

    private void Report() => _progress?.Report(new TransferProgress(_done, _total, _report.Bytes, _report.ErrorCount));
}
