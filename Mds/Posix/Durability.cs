using System.Runtime.InteropServices;
using System.Text;

namespace Capstan.Mds.Posix;

/// <summary>Making names, not only bytes, survive a power cut.</summary>
internal static unsafe class Durability
{
    /// <summary>A file that was created in, renamed into or removed from a directory is durable when the directory is.</summary>
    public static void SyncDirectory(string path) => OnDirectory(path, Libc.FSync, "fsync");

    /// <summary>Everything that has been written to the disk on which <paramref name="path"/> is: one call for thousands of files.</summary>
    public static void SyncDisk(string path) => OnDirectory(path, Libc.SyncFs, "syncfs");

    /// <summary>A second name for a file. False when the disk does not give it one.</summary>
    public static bool TryLink(string from, string to)
    {
        fixed (byte* source = Encoding.UTF8.GetBytes(from + '\0'), target = Encoding.UTF8.GetBytes(to + '\0'))
            return Libc.LinkAt(Libc.AtFdCwd, source, Libc.AtFdCwd, target, 0) == 0;
    }

    private static void OnDirectory(string path, Func<int, int> call, string name)
    {
        int fd;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
            fd = Libc.OpenAt(Libc.AtFdCwd, bytes, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec, 0);
        if (fd < 0)
            throw Failed("open", path);
        try
        {
            if (call(fd) != 0)
                throw Failed(name, path);
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    private static IOException Failed(string call, string path)
    {
        int errno = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of '{path}': {Marshal.GetPInvokeErrorMessage(errno)}", errno);
    }
}
