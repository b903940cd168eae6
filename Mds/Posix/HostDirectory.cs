using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Posix;

/// <summary>
/// An open directory of the host. Everything in it is named relative to it and as bytes, so that names that are no UTF-8
/// survive, depth knows no limit, and nobody swaps a parent meanwhile.
/// </summary>
internal sealed unsafe class HostDirectory : IDisposable
{
    private const int TypeDirectory = 4; // DT_DIR
    private const int TypeUnknown = 0;
    private const int NameOffset = 19;   // of struct linux_dirent64

    private readonly int _fd;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private bool _closed;

    private HostDirectory(int fd) => _fd = fd;

    public static HostDirectory Open(string path) => new(OpenAt(Libc.AtFdCwd, Terminated(Encoding.UTF8.GetBytes(path)), Libc.Directory, "open"));

    public HostDirectory OpenDirectory(byte[] name) => new(OpenAt(_fd, Terminated(name), Libc.Directory | Libc.NoFollow, "open"));

    /// <summary>Never blocks, whatever the file has become since it was looked at.</summary>
    public SafeFileHandle OpenFile(byte[] name) =>
        new((nint)OpenAt(_fd, Terminated(name), Libc.ReadOnly | Libc.NoFollow | Libc.NonBlock, "open"), ownsHandle: true);

    public SafeFileHandle CreateFile(byte[] name) =>
        new((nint)OpenAt(_fd, Terminated(name), Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.NoFollow, "create"), ownsHandle: true);

    public StatX Stat(byte[] name)
    {
        StatX result;
        fixed (byte* path = Terminated(name))
            HostErrorException.ThrowIfFailed(Libc.StatX(_fd, path, Libc.AtSymlinkNoFollow, Libc.StatxBasic, &result), "stat");
        return result;
    }

    /// <summary>Of the directory itself.</summary>
    public StatX Stat()
    {
        StatX result;
        byte empty = 0;
        HostErrorException.ThrowIfFailed(Libc.StatX(_fd, &empty, Libc.AtEmptyPath, Libc.StatxBasic, &result), "stat");
        return result;
    }

    public byte[] ReadLink(byte[] name)
    {
        fixed (byte* path = Terminated(name), buffer = _buffer)
        {
            nint length = Libc.ReadlinkAt(_fd, path, buffer, (nuint)_buffer.Length);
            HostErrorException.ThrowIfFailed(length, "readlink");
            return _buffer.AsSpan(0, (int)length).ToArray();
        }
    }

    /// <summary>All names but "." and "..", in the order of the host.</summary>
    public List<HostEntry> ReadEntries()
    {
        List<HostEntry> entries = [];
        fixed (byte* buffer = _buffer)
        {
            nint filled;
            while ((filled = Libc.GetDents64(_fd, buffer, (nuint)_buffer.Length)) > 0)
            {
                for (int at = 0; at < filled; at += *(ushort*)(buffer + at + 16))
                {
                    ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer + at + NameOffset);
                    byte type = buffer[at + 18];
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                        entries.Add(new HostEntry(name.ToArray(), type == TypeUnknown ? null : type == TypeDirectory));
                }
            }
            HostErrorException.ThrowIfFailed(filled, "readdir");
        }
        return entries;
    }

    public void MakeDirectory(byte[] name)
    {
        fixed (byte* path = Terminated(name))
            HostErrorException.ThrowIfFailed(Libc.MkdirAt(_fd, path, 0x1C0), "mkdir");
    }

    public void MakeSymlink(byte[] target, byte[] name)
    {
        fixed (byte* text = Terminated(target), path = Terminated(name))
            HostErrorException.ThrowIfFailed(Libc.SymlinkAt(text, _fd, path), "symlink");
    }

    /// <summary><paramref name="existing"/> is relative to <paramref name="root"/>.</summary>
    public void MakeLink(HostDirectory root, byte[] existing, byte[] name)
    {
        fixed (byte* from = Terminated(existing), path = Terminated(name))
            HostErrorException.ThrowIfFailed(Libc.LinkAt(root._fd, from, _fd, path, 0), "link");
    }

    public void ChangeMode(byte[] name, uint mode)
    {
        fixed (byte* path = Terminated(name))
            HostErrorException.ThrowIfFailed(Libc.FChmodAt(_fd, path, mode, 0), "chmod");
    }

    public void ChangeOwner(byte[] name, uint uid, uint gid)
    {
        fixed (byte* path = Terminated(name))
            HostErrorException.ThrowIfFailed(Libc.FChownAt(_fd, path, uid, gid, Libc.AtSymlinkNoFollow), "chown");
    }

    public void ChangeTimes(byte[] name, long atimeNs, long mtimeNs)
    {
        const long Second = 1_000_000_000;
        // Seconds round down and nanoseconds are never negative, also before 1970.
        long* times = stackalloc long[4];
        times[0] = (long)Math.Floor((decimal)atimeNs / Second);
        times[1] = atimeNs - (times[0] * Second);
        times[2] = (long)Math.Floor((decimal)mtimeNs / Second);
        times[3] = mtimeNs - (times[2] * Second);
        fixed (byte* path = Terminated(name))
            HostErrorException.ThrowIfFailed(Libc.UTimeNsAt(_fd, path, times, Libc.AtSymlinkNoFollow), "utimens");
    }

    /// <summary>Names and values; none where the host filesystem knows no xattrs.</summary>
    public List<(byte[] Name, byte[] Value)> ReadXattrs(byte[] name)
    {
        List<(byte[], byte[])> xattrs = [];
        fixed (byte* path = PathThroughProc(name), list = _buffer)
        {
            nint length = Libc.LListXattr(path, list, (nuint)_buffer.Length);
            if (length <= 0)
                return xattrs;
            byte[] names = _buffer.AsSpan(0, (int)length).ToArray();
            foreach (Range range in names.AsSpan().Split((byte)0))
            {
                byte[] key = names[range];
                if (key.Length == 0)
                    continue;
                fixed (byte* keyBytes = Terminated(key))
                {
                    nint size = Libc.LGetXattr(path, keyBytes, list, (nuint)_buffer.Length);
                    HostErrorException.ThrowIfFailed(size, "getxattr");
                    xattrs.Add((key, _buffer.AsSpan(0, (int)size).ToArray()));
                }
            }
        }
        return xattrs;
    }

    public void WriteXattr(byte[] name, byte[] key, byte[] value)
    {
        fixed (byte* path = PathThroughProc(name), keyBytes = Terminated(key), bytes = value)
            HostErrorException.ThrowIfFailed(Libc.LSetXattr(path, keyBytes, bytes, (nuint)value.Length, 0), "setxattr");
    }

    public void Dispose()
    {
        if (!_closed)
            _ = Libc.Close(_fd);
        _closed = true;
    }

    private static int OpenAt(int dir, byte[] path, int flags, string call)
    {
        fixed (byte* bytes = path)
        {
            int fd = Libc.OpenAt(dir, bytes, flags | Libc.CloseOnExec, 0x180);
            HostErrorException.ThrowIfFailed(fd, call);
            return fd;
        }
    }

    /// <summary>There are no ...at calls for xattrs; this path does not depend on where the directory is.</summary>
    private byte[] PathThroughProc(byte[] name) => [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{_fd}/"), .. name, 0];

    private static byte[] Terminated(byte[] name) => [.. name, 0];
}
