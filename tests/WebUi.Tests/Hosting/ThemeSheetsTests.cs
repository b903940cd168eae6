using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Capstan.TestKit;
using Capstan.WebUi.Hosting;

namespace Capstan.WebUi.Tests.Hosting;

public sealed class ThemeSheetsTests
{
    [Fact]
    public void Trim_RulesThatAskForALayout_AreGone_AndNothingElse() => Assert.Equal(
        "a{b:c}@media(max-width: 768px){.x{y:z}}@font-face{src:url(\"/_content/Radzen.Blazor/fonts/Roboto.woff2\")}.rz-menu:has(> .active){d:e}",
        ThemeSheets.Trim("a{b:c}:root:has(.rz-layout){f:g}:root:has(.rz-layout) body{h:i;j:var(--k)}@media(max-width: 768px){body:has(>.rz-layout){overflow-x:hidden}.x{y:z}}@font-face{src:url(\"../fonts/Roboto.woff2\")}.rz-menu:has(> .active){d:e}"));

    [Fact]
    public async Task Sheets_OfBothThemes_AreRadzensWithoutThoseRules()
    {
        using TempDirectory temp = new();
        await using WebUnderTest web = await WebUnderTest.StartAsync(temp.File("data"));
        foreach (string address in new[] { "/css/material.css", "/css/material-dark.css" })
        {
            using HttpResponseMessage plain = await web.Http.GetAsync(address);
            string text = await plain.Content.ReadAsStringAsync();
            Assert.Equal("text/css", plain.Content.Headers.ContentType!.MediaType);
            Assert.Contains(".rz-dialog", text);
            Assert.DoesNotContain("has(.rz-layout)", text);
            Assert.DoesNotContain("has(>.rz-layout)", text);
            Assert.DoesNotContain("../", text); // What it names must be there from here, too.

            using HttpRequestMessage asked = new(HttpMethod.Get, address);
            asked.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            using HttpResponseMessage zipped = await web.Http.SendAsync(asked);
            Assert.Equal(["gzip"], zipped.Content.Headers.ContentEncoding);
            using StreamReader unzipped = new(new GZipStream(await zipped.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
            Assert.Equal(text, await unzipped.ReadToEndAsync());

            using HttpRequestMessage again = new(HttpMethod.Get, address);
            again.Headers.IfNoneMatch.Add(plain.Headers.ETag!);
            using HttpResponseMessage known = await web.Http.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        }
        using HttpResponseMessage font = await web.Http.GetAsync("/_content/Radzen.Blazor/fonts/MaterialSymbolsOutlined.woff2", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, font.StatusCode);
    }
}
