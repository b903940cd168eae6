using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Capstan.WebUi.Components;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Hosting;

/// <summary>
/// Radzen's themes without the rules that ask the root and the body whether there is a layout of Radzen's in them (<c>:root:has(.rz-layout)</c>). There is none, and an element that is asked what it has
/// in it makes the browser look up the styles of all that is in it anew whenever a link or a button comes: with each screenful of rows, and with each toast. It remembers that it was asked, so
/// the rules must not be there from the start.
/// </summary>
internal static partial class ThemeSheets
{
    private const string Radzen = "_content/Radzen.Blazor/";

    public static void MapThemeSheets(this WebApplication app)
    {
        foreach ((_, string file) in App.Themes)
        {
            Lazy<Sheet> sheet = new(() => Read(app.Environment.WebRootFileProvider.GetFileInfo($"{Radzen}css/{file}-base.css")));
            app.MapMethods($"/css/{file}.css", [HttpMethods.Get, HttpMethods.Head], (HttpContext http) => Send(http, sheet.Value));
        }
    }

    /// <summary>Its fonts are named from the root on: it has another place.</summary>
    public static string Trim(string sheet) => AskingRules().Replace(sheet, "").Replace("../fonts/", $"/{Radzen}fonts/", StringComparison.Ordinal);

    private static Sheet Read(IFileInfo file)
    {
        using StreamReader reader = new(file.CreateReadStream());
        byte[] text = Encoding.UTF8.GetBytes(Trim(reader.ReadToEnd()));
        using MemoryStream zipped = new();
        using (GZipStream zip = new(zipped, CompressionLevel.Optimal))
            zip.Write(text);
        return new Sheet(text, zipped.ToArray(), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 12))}\"", isWeak: true));
    }

    private static IResult Send(HttpContext http, Sheet sheet)
    {
        bool zipped = http.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip" && encoding.Quality != 0);
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (zipped)
            http.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(zipped ? sheet.Zipped : sheet.Text, "text/css; charset=utf-8", entityTag: sheet.Tag);
    }

    [GeneratedRegex(@"(?::root|body):has\(>?\s*\.rz-layout\)[^{}]*\{[^{}]*\}")]
    private static partial Regex AskingRules();

    private sealed record Sheet(byte[] Text, byte[] Zipped, EntityTagHeaderValue Tag);
}
