using Capstan.Shared;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>What a zip says of an entry besides its content.</summary>
/// <param name="Path">Bytes with '/' between the names; of a folder without one at its end.</param>
/// <param name="Size">Bytes that are to come: more than 4 GiB need another header.</param>
internal readonly record struct ZipEntry(byte[] Path, uint Mode, long MtimeNs, long Size)
{
    public FileKind Kind => (FileKind)(Mode >> 12);

    /// <summary>Compressed already: packed again it only costs time.</summary>
    public bool IsPacked
    {
        get
        {
            int dot = Path.AsSpan().LastIndexOf((byte)'.');
            return dot >= 0 && Path.Length - dot <= 6 && Packed.Contains(System.Text.Encoding.ASCII.GetString(Path.AsSpan(dot + 1)).ToLowerInvariant());
        }
    }

    private static readonly HashSet<string> Packed =
        [.. "zip gz tgz bz2 xz zst 7z rar jar deb rpm apk png jpg jpeg gif webp avif heic mp3 m4a aac ogg opus flac mp4 m4v mkv webm mov avi docx xlsx pptx odt ods odp epub woff2".Split(' ')];
}
