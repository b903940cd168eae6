using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Capstan.TestKit;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>A selection downloaded as one zip, as a person does it.</summary>
public sealed class ArchiveTests(BrowserFixture browser)
{
    [Fact]
    public async Task Download_ASelectionOfOddNames_IsAZipWithAllOfThem()
    {
        await using TestPage page = await browser.OpenAsync(new() { AcceptDownloads = true });
        await page.OpenListAsync("/files/odd%20names");
        await page.PressAsync("Control+a");
        await page.SelectionText.WaitForAsync();
        IDownload download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Button, new() { Name = "Download as zip" }).ClickAsync());

        Assert.Equal("odd names.zip", download.SuggestedFilename);
        Assert.Null(await download.FailureAsync());
        using ZipArchive zip = await ZipFile.OpenAsync(await download.PathAsync(), ZipArchiveMode.Read, Encoding.Latin1);
        foreach (string name in new[] { "100%41.txt", "#hash", "a&b+c=d?", "-leading dash", "new\nline", "quote\"'`", "ünïcödé 日本語 🎉", "\u202Egpj.exe", "%2F", " spaces " })
        {
            using StreamReader content = new(await zip.GetEntry(name)!.OpenAsync());
            Assert.Equal(name, await content.ReadToEndAsync());
        }
        Assert.NotNull(zip.GetEntry("fÿþo")); // not UTF-8: the bytes as they are
        Assert.NotNull(zip.GetEntry("100% & more/Contracts/11.pdf"));
        if (ExternalTool.Find("python3") is { } python)
            await AssertWholeAsync(python, ["-c", "import sys, zipfile; zip = zipfile.ZipFile(sys.argv[1]); print('damaged:', zip.testzip(), len(zip.namelist()))", await download.PathAsync()], $@"damaged: None {zip.Entries.Count}\b");
        if (ExternalTool.Find("unzip") is { } unzip)
            await AssertWholeAsync(unzip, ["-tq", await download.PathAsync()], "No errors detected");
        Assert.Empty(page.Complaints);
    }

    /// <summary>Other programs than ours think so.</summary>
    private static async Task AssertWholeAsync(string program, string[] arguments, string verdict)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Matches(verdict, output);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Download_OneFile_IsTheFile()
    {
        await using TestPage page = await browser.OpenAsync(new() { AcceptDownloads = true });
        await page.OpenListAsync("/files/odd%20names");
        await page.Row("%23hash").Locator(".c-time").ClickAsync();
        IDownload download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Button, new() { Name = "Download", Exact = true }).ClickAsync());
        Assert.Equal("#hash", await File.ReadAllTextAsync(await download.PathAsync()));
    }
}
