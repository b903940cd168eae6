namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>How a file is shown without being downloaded.</summary>
public enum PreviewKind
{
    /// <summary>Not known by its name: its first bytes decide between text and bytes.</summary>
    Unknown,
    Image,
    Audio,
    Video,
    Pdf,
    Markdown,
    Text,
}
