using System.Net;
using System.Text;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>Whoever can put a file here must not be able to act as whoever looks at it.</summary>
public sealed class ContentSecurityTests(BrowserFixture browser)
{
    /// <summary>Says so where it could reach: the page around it, its opener, the store of its origin, or a request of its own.</summary>
    private const string Attack =
        "try { (window.top ?? window).document.title = 'reached'; } catch (e) {} try { window.opener.document.title = 'reached'; } catch (e) {} "
        + "try { localStorage.setItem('reached', '1'); } catch (e) {} try { fetch('/reached'); } catch (e) {}";

    private static readonly string Page = $"<!DOCTYPE html><script>{Attack}</script><body onload=\"{Attack.Replace("\"", "&quot;", StringComparison.Ordinal)}\">hello";

    private static readonly string Svg =
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\" onload=\"{Attack.Replace("\"", "&quot;", StringComparison.Ordinal)}\"><script>{Attack}</script><rect width=\"40\" height=\"40\" fill=\"red\"/></svg>";

    private static readonly (string Name, string Content)[] Hostile =
    [
        ("page.html", Page), ("page.htm", Page), ("page.xhtml", Page), ("page.svg", Svg), ("page.xml", Svg), ("page.txt", Page), ("page.md", Page), ("page", Page), ("page.js", Attack),
        ("page.png", Page), ("page.gif", "GIF89a/*" + Page), ("page.mp4", Page), ("page.pdf", "%PDF-1.4\n" + Page), ("page.shtml", Page), ("page.html.png", Page),
    ];

    [Fact]
    public async Task Files_ThatWouldRunScripts_RunNoneInOurOrigin()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        foreach ((string name, string content) in Hostile)
            Assert.Equal(HttpStatusCode.Created, (await web.CreateAsync(name, Encoding.UTF8.GetBytes(content))).StatusCode);
        string url = web.Client.BaseAddress!.ToString().TrimEnd('/');
        // With the page's own policy in force: what is proven here must hold in a browser as it is.
        IPage page = await browser.OpenAsync(url, new() { BypassCSP = false, AcceptDownloads = true });
        List<string> reached = [];
        page.Context.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/reached", StringComparison.Ordinal))
                reached.Add($"{request.Frame.Url}");
        };
        page.Context.Page += (_, opened) => opened.Dialog += (_, dialog) => reached.Add(dialog.Message);

        foreach (string prefix in new[] { "/preview/", "/download/" })
        {
            await page.GotoAsync("/files/");
            await page.WaitForSelectorAsync(".file-row[data-n]");
            foreach ((string name, _) in Hostile)
            {
                string address = url + prefix + name;
                IAPIResponse answer = await page.APIRequest.GetAsync(address);
                Assert.Equal(200, answer.Status);
                Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);
                if (!name.EndsWith(".pdf", StringComparison.Ordinal) || prefix == "/download/")
                    Assert.StartsWith("sandbox;", answer.Headers["content-security-policy"], StringComparison.Ordinal);
                string type = answer.Headers["content-type"];
                Assert.DoesNotContain("html", type, StringComparison.Ordinal);
                Assert.DoesNotContain("javascript", type, StringComparison.Ordinal);
                Assert.NotEqual("text/xml", type);

                // As a page of its own; a download of it ends the navigation.
                IPage own = await page.Context.NewPageAsync();
                await own.GotoAsync(address).ContinueWith(_ => { }, TaskScheduler.Default);
                await own.CloseAsync();

                // As a frame, an image, a script, a worker and a style of a page of ours.
                await page.EvaluateAsync(
                    """
                    async address => {
                      const ends = node => new Promise(end => { node.onload = node.onerror = end; setTimeout(end, 400); document.body.append(node); });
                      const make = (tag, attribute) => Object.assign(document.createElement(tag), attribute);
                      localStorage.removeItem('reached');
                      await Promise.all([
                        ends(make('iframe', { src: address })),
                        ends(make('img', { src: address })),
                        ends(make('script', { src: address })),
                        ends(make('script', { src: address, type: 'module' })),
                        ends(make('link', { rel: 'stylesheet', href: address })),
                        ends(make('embed', { src: address })),
                        ends(make('object', { data: address })),
                      ]);
                      try { new Worker(address); } catch {}
                      try { await navigator.serviceWorker.register(address); } catch {}
                    }
                    """, address);
                Assert.False(await page.EvaluateAsync<bool>("() => localStorage.getItem('reached') !== null"), address);
                Assert.DoesNotContain("reached", await page.TitleAsync(), StringComparison.Ordinal);
            }
        }
        Assert.Empty(reached);
    }

    [Fact]
    public async Task Preview_SafeTypes_AreShownInPlaceAndTheRestIsAnAttachment()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        foreach ((string name, string type, string disposition) in new[]
        {
            ("a.png", "image/png", "inline"), ("a.SVG", "image/svg+xml", "inline"), ("a.pdf", "application/pdf", "inline"), ("a.webm", "video/webm", "inline"), ("a.html", "text/plain", "inline"),
            ("a.js", "text/plain", "inline"), ("README", "text/plain", "inline"), ("a.swf", "application/octet-stream", "attachment"), ("a", "application/octet-stream", "attachment"),
        })
        {
            (await web.CreateAsync(name, "x"u8.ToArray())).Dispose();
            using HttpResponseMessage answer = await web.Client.GetAsync("/preview/" + name);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(disposition, answer.Content.Headers.ContentDisposition!.DispositionType);
            using HttpResponseMessage download = await web.Client.GetAsync("/download/" + name);
            Assert.Equal("attachment", download.Content.Headers.ContentDisposition!.DispositionType);
        }
    }

    [Fact]
    public async Task Download_Conditions_AreAnsweredByTheContentsVersion()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("notes.txt", "0123456789"u8.ToArray(), ("mtime", "1700000000000"))).Dispose();
        using HttpResponseMessage head = await web.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/download/notes.txt"));
        Assert.Equal((HttpStatusCode.OK, 10), (head.StatusCode, head.Content.Headers.ContentLength));
        string tag = head.Headers.ETag!.Tag;
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync("If-None-Match", tag)).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync("If-Modified-Since", "Tue, 14 Nov 2023 22:13:20 GMT")).StatusCode);
        using HttpResponseMessage part = await GetAsync("If-Range", tag, "bytes=2-4");
        Assert.Equal((HttpStatusCode.PartialContent, "234", "bytes 2-4/10"), (part.StatusCode, await part.Content.ReadAsStringAsync(), part.Content.Headers.ContentRange!.ToString()));
        using HttpResponseMessage tail = await GetAsync("If-Range", tag, "bytes=-3");
        Assert.Equal("789", await tail.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await GetAsync("If-Range", tag, "bytes=10-")).StatusCode);

        (await web.CreateAsync("notes.txt", "abcdefghij"u8.ToArray(), ("conflict", "replace"))).Dispose();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("If-None-Match", tag)).StatusCode);
        // The rest of a file that is another by now would be a mixture of both.
        using HttpResponseMessage whole = await GetAsync("If-Range", tag, "bytes=2-4");
        Assert.Equal((HttpStatusCode.OK, "abcdefghij"), (whole.StatusCode, await whole.Content.ReadAsStringAsync()));

        async Task<HttpResponseMessage> GetAsync(string header, string value, string? range = null)
        {
            HttpRequestMessage request = new(HttpMethod.Get, "/download/notes.txt");
            request.Headers.TryAddWithoutValidation(header, value);
            if (range is not null)
                request.Headers.TryAddWithoutValidation("Range", range);
            return await web.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Address_WithAPathTrick_LeadsNowhere()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("a/b.txt", "x"u8.ToArray())).Dispose();
        foreach (string address in new[] { "/download/../keys", "/download/..%2F..%2Fetc%2Fpasswd", "/preview/%2e%2e/%2e%2e/etc/passwd", "/preview/a%00.png", "/preview/a%2Fb.txt", "/archive/../../keys/x.zip", "/archive/..%2F..%2Fkeys/x.zip" })
            await AssertNowhereAsync(web, HttpMethod.Get, address);

        // What writes finds nothing there either.
        foreach (string address in new[] { "/content/../keys", "/content/..%2Fa%2Fb.txt", "/content/a%2Fb.txt", "/content/%2e%2e/a/b.txt", "/content/a%00" })
            await AssertNowhereAsync(web, HttpMethod.Put, address, "If-Match", "*");
        foreach (string into in new[] { "to", "check", "bundle" })
        {
            foreach (string folder in new[] { "../a", "..%2Fa", "a%2F..", "%2e%2e/a", "a%00" })
                await AssertNowhereAsync(web, HttpMethod.Post, $"/uploads/{into}/{folder}", "Tus-Resumable", "1.0.0");
        }
        Assert.Equal("x", await web.Client.GetStringAsync("/download/a/b.txt"));
    }

    private static async Task AssertNowhereAsync(TusWeb web, HttpMethod method, string address, string header = "Accept", string value = "*/*")
    {
        // HttpClient would tidy the path up first.
        using HttpRequestMessage request = new(method, new Uri(web.Client.BaseAddress + address[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation(header, value);
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Upload-Length", "1");
            request.Headers.Add("Upload-Metadata", TusWeb.Metadata("y"));
        }
        if (method != HttpMethod.Get)
            request.Content = new ByteArrayContent("y"u8.ToArray()) { Headers = { ContentType = new("application/offset+octet-stream") } };
        using HttpResponseMessage answer = await web.Client.SendAsync(request);
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed, $"{method} {address}: {answer.StatusCode}");
    }
}
