using System.Runtime.InteropServices;
using Capstan.Shared;

namespace Capstan.WebUi.Hosting;

/// <summary>The user and groups that this process runs as.</summary>
internal static class ProcessIdentity
{
    public static Caller Current()
    {
        if (OperatingSystem.IsWindows())
            return new Caller(1000, 1000, []);
        int count = Math.Max(0, getgroups(0, []));
        uint[] groups = new uint[count];
        count = Math.Max(0, getgroups(count, groups));
        return new Caller(geteuid(), getegid(), groups[..count]);
    }

    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc")]
    private static extern uint getegid();

    [DllImport("libc")]
    private static extern int getgroups(int size, [Out] uint[] groups);
}
