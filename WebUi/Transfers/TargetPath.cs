using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Http.Features;

namespace Capstan.WebUi.Transfers;

/// <summary>The path that a request names, out of its raw target: routing has decoded it in a way that some names do not survive.</summary>
internal static class TargetPath
{
    public static bool TryRead(HttpContext context, string prefix, out FilePath path) =>
        FilePath.TryParseUrl(context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "", prefix, out path);
}
