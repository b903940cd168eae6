using System.Globalization;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Numbers as people read them.</summary>
public static class SizeText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Bytes(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (Math.Abs(value) >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }
        string format = unit == 0 || Math.Abs(value) >= 99.95 ? "0" : "0.#";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    public static string Exact(long bytes) => bytes == 1 ? "1 byte" : $"{Number(bytes)} bytes";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Items(long count) => count == 1 ? "1 item" : $"{Number(count)} items";

    public static string Count(long count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";

    public static string Percent(double? ratio) => ratio is double r ? (r * 100).ToString(r >= 0.9995 || r < 0.0005 ? "0" : "0.0", CultureInfo.InvariantCulture) + " %" : "–";

    /// <summary>The size column: bytes of a file, entries of a directory.</summary>
    public static string Column(InodeAttributes inode) => inode.Kind switch
    {
        FileKind.Directory => Items(inode.Size),
        FileKind.Symlink => "",
        _ => Bytes(inode.Size),
    };

    /// <summary>Of a row: a folder's count may be older than the row.</summary>
    public static string Tooltip(InodeAttributes inode, bool isCountLive) => inode.IsDirectory && !isCountLive ? $"{Items(inode.Size)} when last counted" : Tooltip(inode);

    public static string Tooltip(InodeAttributes inode) => inode.Kind switch
    {
        FileKind.Directory => Items(inode.Size),
        FileKind.Symlink => "",
        _ => Exact(inode.Size),
    };
}
