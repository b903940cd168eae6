using Capstan.Shared;
using Capstan.WebUi.ViewModels.Preview;

namespace Capstan.WebUi.Transfers;

/// <summary>
/// How a browser is handed bytes that anybody may have written: never so that they can act in our origin. With the nosniff of
/// every answer the type is what the header says; the policy holds where an answer becomes a document of its own.
/// </summary>
internal readonly record struct ContentForm(string Type, string Disposition, string Policy)
{
    /// <summary>A document of no origin, without scripts, forms and plugins; what an image or video document draws with is allowed.</summary>
    private const string Sandbox = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    /// <summary>
    /// Browsers' PDF viewers refuse to start in a sandbox. They run outside of our origin, and what scripts a PDF has run inside of
    /// the viewer; the type and nosniff keep a file that is also something else from being that.
    /// </summary>
    private const string Pdf = "default-src 'none'; object-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static ContentForm Attachment(FileName name) =>
        new("application/octet-stream", ContentDisposition.Attachment(name), "sandbox; default-src 'none'; frame-ancestors 'none'");

    /// <summary>What is on the list of safe types, in place; everything else as an attachment.</summary>
    public static ContentForm Preview(FileName name) => MediaType.Of(name) switch
    {
        { Type: null } => Attachment(name),
        { Kind: PreviewKind.Pdf, Type: { } type } => new(type, ContentDisposition.Inline(name), Pdf),
        { Type: { } type } => new(type, ContentDisposition.Inline(name), Sandbox + "; frame-ancestors 'self'"),
    };
}
