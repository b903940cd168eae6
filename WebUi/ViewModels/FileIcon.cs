using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>A symbol of the icon font and the colour class that goes with it.</summary>
public readonly record struct FileIcon(string Symbol, string Tone, string Label)
{
    private static readonly FileIcon Folder = new("folder", "folder", "Folder");
    private static readonly FileIcon Link = new("link", "symlink", "Link");
    private static readonly FileIcon Plain = new("draft", "plain", "File");

    private static readonly Dictionary<string, FileIcon> ByExtension = Build();

    public static FileIcon Of(DirectoryEntry entry) => entry.Attributes.Kind switch
    {
        FileKind.Directory => Folder,
        FileKind.Symlink => Link,
        _ => OfName(entry.Name),
    };

    private static FileIcon OfName(FileName name)
    {
        int dot = name.Span.LastIndexOf((byte)'.');
        if (dot <= 0 || name.Length - dot is < 2 or > 8)
            return Plain;
        string extension = System.Text.Encoding.ASCII.GetString(name.Span[(dot + 1)..]).ToLowerInvariant();
        return ByExtension.GetValueOrDefault(extension, Plain);
    }

    private static Dictionary<string, FileIcon> Build()
    {
        Dictionary<string, FileIcon> icons = [];
        Add(new("image", "image", "Image"), "png jpg jpeg gif webp avif svg bmp tif tiff heic ico raw");
        Add(new("movie", "video", "Video"), "mp4 mkv mov avi webm m4v mpg mpeg");
        Add(new("music_note", "audio", "Audio"), "mp3 flac wav ogg opus m4a aac");
        Add(new("picture_as_pdf", "pdf", "PDF"), "pdf");
        Add(new("description", "text", "Text"), "txt md rst log doc docx odt rtf tex");
        Add(new("menu_book", "text", "Book"), "epub mobi azw3 fb2 djvu");
        Add(new("mail", "text", "Mail"), "eml mbox msg");
        Add(new("font_download", "plain", "Font"), "ttf otf woff woff2 ttc");
        Add(new("album", "archive", "Disk image"), "iso img dmg qcow2 vmdk vdi");
        Add(new("key", "plain", "Key"), "pem crt cer der asc gpg p12 pfx");
        Add(new("table_chart", "table", "Table"), "csv tsv xls xlsx ods parquet");
        Add(new("slideshow", "pdf", "Slides"), "ppt pptx odp key");
        Add(new("folder_zip", "archive", "Archive"), "zip gz tgz bz2 xz zst tar 7z rar deb rpm jar");
        Add(new("code", "code", "Code"), "cs c h cpp hpp rs go py js mjs ts tsx jsx java kt rb php sh bash html css razor sql proto");
        Add(new("data_object", "code", "Data"), "json xml yml yaml toml ini conf cfg csproj props targets lock");
        Add(new("database", "table", "Database"), "db sqlite sqlite3 mdb");
        Add(new("terminal", "code", "Program"), "exe dll so bin run appimage");
        return icons;

        void Add(FileIcon icon, string extensions)
        {
            foreach (string extension in extensions.Split(' '))
                icons[extension] = icon;
        }
    }
}
