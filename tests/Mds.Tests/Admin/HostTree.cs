using System.Text;
using Capstan.Mds.Posix;
using Capstan.Shared;
using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Tests.Admin;

/// <summary>Everything below a host directory that an import must keep, one line a name, to compare two trees.</summary>
internal static class HostTree
{
    public static List<string> Describe(string path)
    {
        List<string> lines = [];
        Dictionary<ulong, string> firstNames = [];
        using HostDirectory root = HostDirectory.Open(path);
        Describe(root, "", lines, firstNames);
        return lines;
    }

    private static void Describe(HostDirectory dir, string path, List<string> lines, Dictionary<ulong, string> firstNames)
    {
        foreach (byte[] name in dir.ReadEntries().Select(entry => entry.Name).OrderBy(name => Convert.ToHexString(name), StringComparer.Ordinal))
        {
            StatX stat = dir.Stat(name);
            FileKind kind = (FileKind)(stat.Mode >> 12);
            string shown = $"{path}/{FileName.Create(name)}";
            StringBuilder line = new($"{shown} {Convert.ToString(stat.Mode, 8)} {stat.Uid}:{stat.Gid} {stat.MtimeNs}");
            foreach ((byte[] key, byte[] value) in dir.ReadXattrs(name).OrderBy(xattr => Encoding.ASCII.GetString(xattr.Name), StringComparer.Ordinal))
                line.Append($" {Encoding.ASCII.GetString(key)}={Convert.ToHexString(value)}");
            if (kind == FileKind.Symlink)
                line.Append(" -> ").Append(Convert.ToHexString(dir.ReadLink(name)));
            if (kind == FileKind.File)
            {
                line.Append($" links {stat.Nlink} {Content(dir, name)}");
                if (!firstNames.TryAdd(stat.Ino, shown))
                    line.Append($" same as {firstNames[stat.Ino]}");
            }
            lines.Add(line.ToString());
            if (kind == FileKind.Directory)
            {
                using HostDirectory child = dir.OpenDirectory(name);
                Describe(child, shown, lines, firstNames);
            }
        }
    }

    private static string Content(HostDirectory dir, byte[] name)
    {
        using SafeFileHandle file = dir.OpenFile(name);
        byte[] bytes = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, bytes, 0);
        return $"{bytes.Length} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..16]}";
    }
}
