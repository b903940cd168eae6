using System.Runtime.InteropServices;

namespace Capstan.Mds.Posix;

/// <summary>struct statx of the kernel, the same on every architecture, which struct stat is not.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatX
{
    [FieldOffset(0x10)] public uint Nlink;
    [FieldOffset(0x14)] public uint Uid;
    [FieldOffset(0x18)] public uint Gid;
    [FieldOffset(0x1C)] public ushort Mode;
    [FieldOffset(0x20)] public ulong Ino;
    [FieldOffset(0x28)] public ulong Size;
    [FieldOffset(0x40)] public long AtimeSeconds;
    [FieldOffset(0x48)] public uint AtimeNanoseconds;
    [FieldOffset(0x70)] public long MtimeSeconds;
    [FieldOffset(0x78)] public uint MtimeNanoseconds;
    [FieldOffset(0x88)] public uint DeviceMajor;
    [FieldOffset(0x8C)] public uint DeviceMinor;

    public readonly long AtimeNs => (AtimeSeconds * 1_000_000_000) + AtimeNanoseconds;

    public readonly long MtimeNs => (MtimeSeconds * 1_000_000_000) + MtimeNanoseconds;
}
