using System.Text;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>
/// What a name promises, and the type under which a browser may get it. Nothing in here is a type that browsers run: text
/// of any kind, HTML and scripts among it, is text/plain. What is not in here is never shown inline.
/// </summary>
/// <param name="Type">The Content-Type; null: none that is safe to show.</param>
public readonly record struct MediaType(PreviewKind Kind, string? Type)
{
    private const string Plain = "text/plain; charset=utf-8";

    private static readonly Dictionary<string, MediaType> ByExtension = Build();

    private static readonly HashSet<string> PlainNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "readme", "license", "licence", "copying", "authors", "changelog", "news", "todo", "makefile", "dockerfile", "gemfile", "rakefile", "vagrantfile",
        ".gitignore", ".gitattributes", ".editorconfig", ".npmrc", ".bashrc", ".profile", ".zshrc", ".vimrc",
    };

    /// <summary>Shown as an image of itself in a list of small pictures: those that browsers draw without running anything.</summary>
    public bool IsImage => Kind == PreviewKind.Image;

    public static MediaType Of(FileName name)
    {
        int dot = name.Span.LastIndexOf((byte)'.');
        if (dot > 0 && name.Length - dot is >= 2 and <= 10
            && ByExtension.TryGetValue(Encoding.ASCII.GetString(name.Span[(dot + 1)..]).ToLowerInvariant(), out MediaType type))
            return type;
        return PlainNames.Contains(name.ToString()) ? new MediaType(PreviewKind.Text, Plain) : new MediaType(PreviewKind.Unknown, null);
    }

    private static Dictionary<string, MediaType> Build()
    {
        Dictionary<string, MediaType> types = [];
        Each(PreviewKind.Image, "png image/png|jpg image/jpeg|jpeg image/jpeg|gif image/gif|webp image/webp|avif image/avif|bmp image/bmp|ico image/x-icon|svg image/svg+xml");
        Each(PreviewKind.Audio, "mp3 audio/mpeg|flac audio/flac|wav audio/wav|ogg audio/ogg|oga audio/ogg|opus audio/ogg|m4a audio/mp4|aac audio/aac|weba audio/webm");
        Each(PreviewKind.Video, "mp4 video/mp4|m4v video/mp4|webm video/webm|ogv video/ogg|mov video/quicktime|mkv video/x-matroska");
        Each(PreviewKind.Pdf, "pdf application/pdf");
        All(PreviewKind.Markdown, "md markdown mdown mkd");
        All(PreviewKind.Text,
            "txt text log rst adoc tex bib srt vtt diff patch csv tsv json jsonl ndjson xml xsl xsd yml yaml toml ini conf cfg env properties lock "
            + "html htm xhtml css scss sass less js mjs cjs ts mts tsx jsx vue svelte cs csx fs vb razor cshtml xaml csproj props targets sln "
            + "c h cc cpp cxx hpp hh m mm rs go py pyi rb php java kt kts scala swift dart lua pl pm r jl hs ml ex exs erl clj el lisp "
            + "sh bash zsh fish ps1 bat cmd sql proto graphql tf nix gradle cmake mk asm s vim service desktop");
        return types;

        void Each(PreviewKind kind, string pairs)
        {
            foreach (string[] pair in pairs.Split('|').Select(p => p.Split(' ')))
                types[pair[0]] = new MediaType(kind, pair[1]);
        }

        void All(PreviewKind kind, string extensions)
        {
            foreach (string extension in extensions.Split(' '))
                types[extension] = new MediaType(kind, Plain);
        }
    }
}
