using System.Runtime.InteropServices;

namespace Capstan.Mds.Posix;

/// <summary>A system call on one host file failed.</summary>
internal sealed class HostErrorException(string call, int errno) : IOException($"{call}: {Marshal.GetPInvokeErrorMessage(errno)}", errno)
{
    public static HostErrorException Last(string call) => new(call, Marshal.GetLastPInvokeError());

    public static void ThrowIfFailed(nint result, string call)
    {
        if (result < 0)
            throw Last(call);
    }
}
