using System.Net;
using System.Runtime.Versioning;
using System.Text;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Editing text, and never writing over what somebody else has saved.</summary>
public sealed class EditorTests(BrowserFixture browser)
{
    [Fact]
    public async Task Save_ByKey_KeepsLineEndsAndName()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("100% & #1.txt", "one\r\ntwo\r\n"u8.ToArray())).Dispose();
        await using TestPage page = await OpenAsync(web, "/edit/100%25%20%26%20%231.txt");
        ILocator text = page.Page.GetByLabel("Text of 100% & #1.txt");
        await Expect(text).ToHaveValueAsync("one\ntwo\n");
        await page.AssertAccessibleAsync("editor");
        await text.PressAsync("Control+End");
        await page.Page.Keyboard.TypeAsync("drei ü");
        await Expect(page.Page.Locator("[data-state]")).ToHaveTextAsync("Not saved");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path("editor.png") });
        await page.PressAsync("Control+s");
        await Expect(page.Page.Locator("[data-state]")).ToHaveTextAsync("Saved");
        Assert.Equal("one\r\ntwo\r\ndrei ü", await web.Client.GetStringAsync("/download/100%25%20%26%20%231.txt"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Save_OverANewerVersion_AsksAndDoesAsTold()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("notes.txt", "first"u8.ToArray())).Dispose();
        await using TestPage page = await OpenAsync(web, "/edit/notes.txt");
        ILocator text = page.Page.GetByLabel("Text of notes.txt"), ask = page.Page.GetByRole(AriaRole.Alertdialog), save = page.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true });
        await text.FillAsync("mine");
        (await web.CreateAsync("notes.txt", "theirs"u8.ToArray(), ("conflict", "replace"))).Dispose();

        await save.ClickAsync();
        await Expect(ask).ToContainTextAsync("This file has a newer version.");
        await page.AssertAccessibleAsync("newer version");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path("editor-newer.png") });
        Assert.Equal("theirs", await web.Client.GetStringAsync("/download/notes.txt"));
        await ask.GetByRole(AriaRole.Button, new() { Name = "Save mine as a copy" }).ClickAsync();
        await Expect(ask).ToContainTextAsync("Your text is saved as a copy.");
        await ask.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(text).ToHaveValueAsync("theirs");
        Assert.Equal("mine", await web.Client.GetStringAsync("/download/notes%20(2).txt"));

        await text.FillAsync("mine again");
        (await web.CreateAsync("notes.txt", "theirs again"u8.ToArray(), ("conflict", "replace"))).Dispose();
        await save.ClickAsync();
        await ask.GetByRole(AriaRole.Button, new() { Name = "Overwrite theirs" }).ClickAsync();
        await Expect(page.Page.Locator("[data-state]")).ToHaveTextAsync("Saved");
        Assert.Equal("mine again", await web.Client.GetStringAsync("/download/notes.txt"));

        await text.FillAsync("mine at last");
        (await web.CreateAsync("notes.txt", "theirs at last"u8.ToArray(), ("conflict", "replace"))).Dispose();
        await save.ClickAsync();
        await ask.GetByRole(AriaRole.Button, new() { Name = "Reload theirs, drop mine" }).ClickAsync();
        await Expect(text).ToHaveValueAsync("theirs at last");
        await Expect(save).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Leave_WithChanges_Asks()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("notes.txt", "first"u8.ToArray())).Dispose();
        await using TestPage page = await OpenAsync(web, "/edit/notes.txt");
        await page.Page.GetByLabel("Text of notes.txt").FillAsync("changed");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the folder" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Keep editing" }).ClickAsync();
        await Expect(page.Page.GetByLabel("Text of notes.txt")).ToHaveValueAsync("changed");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the folder" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Leave", Exact = true }).ClickAsync();
        await page.Page.WaitForSelectorAsync(".file-row[data-n='notes.txt']");
        Assert.Equal("first", await web.Client.GetStringAsync("/download/notes.txt"));
    }

    [Fact]
    public async Task Open_WhatTheEditorWouldDamage_IsRefusedInWords()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        foreach ((string name, byte[] content, string words) in new[]
        {
            ("latin.txt", new byte[] { 0x66, 0xFC, 0x72 }, "This text is not UTF-8."),
            ("bytes.txt", [1, 0, 2], "This is not text"),
            ("mixed.txt", "a\r\nb\n"u8.ToArray(), "Its lines end in different ways."),
            ("large.txt", Encoding.ASCII.GetBytes(new string('x', (4 * 1024 * 1024) + 1)), "the editor takes text up to 4 MiB."),
        })
        {
            (await web.CreateAsync(name, content)).Dispose();
            await using TestPage page = await OpenAsync(web, "/edit/" + name);
            await Expect(page.Page.Locator(".editor-stage")).ToContainTextAsync(words);
            await page.AssertAccessibleAsync(name);
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Open_WhatMayBeReadAlone_IsShown_NotChanged_AndCopiedElsewhere()
    {
        using TempDirectory temp = new();
        string from = temp.File("from");
        Directory.CreateDirectory(Path.Combine(from, "mine"));
        await File.WriteAllTextAsync(Path.Combine(from, "rules.txt"), "as they are", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(from, "rules.txt"), (UnixFileMode)0x1A4);
        File.SetUnixFileMode(Path.Combine(from, "mine"), (UnixFileMode)0x1FF);
        File.SetUnixFileMode(from, (UnixFileMode)0x1ED);
        await using TusWeb web = await TusWeb.StartAsync(temp, "--import", from, "--Capstan:Identity:Uid=4711", "--Capstan:Identity:Gid=4711");
        await using TestPage page = await OpenAsync(web, "/edit/rules.txt");
        ILocator text = page.Page.GetByLabel("Text of rules.txt");

        await Expect(text).ToHaveValueAsync("as they are");
        await Expect(text).Not.ToBeEditableAsync();
        await Expect(page.Page.Locator(".editor-stage")).ToContainTextAsync("You may read this file but not change it.");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true })).ToHaveCountAsync(0);
        await page.AssertAccessibleAsync("editor that only reads");
        await Shots.TakeAsync(page.Page, "editor-reads");
        await text.FocusAsync();
        await page.Page.Keyboard.TypeAsync("otherwise");
        await page.PressAsync("Control+s");
        await Expect(text).ToHaveValueAsync("as they are");

        // The way on: a copy where the user may write, which then is edited.
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Copy it elsewhere…" }).ClickAsync();
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Copy “rules.txt”" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "mine" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy to “mine”" }).ClickAsync();
        await Expect(page.Page.Locator(".toast.good")).ToContainTextAsync("Copy");
        await page.Page.GotoAsync("/edit/mine/rules.txt");
        await Expect(text).ToBeEditableAsync();
        await Expect(text).ToHaveValueAsync("as they are");
        Assert.Equal("as they are", await web.Client.GetStringAsync("/download/rules.txt"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Put_WithoutTheRightVersion_ChangesNothing()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("notes.txt", "first"u8.ToArray())).Dispose();
        Assert.Equal(428, (int)await PutAsync("/content/notes.txt", null));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync("/content/notes.txt", "\"1-2-3\""));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync("/content/not-there.txt", "\"1-2-3\""));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync("/content/..%2Fnotes.txt", "\"1-2-3\""));
        Assert.Equal("first", await web.Client.GetStringAsync("/download/notes.txt"));

        async Task<HttpStatusCode> PutAsync(string address, string? version)
        {
            using HttpRequestMessage request = new(HttpMethod.Put, address) { Content = new StringContent("second") };
            if (version is not null)
                request.Headers.TryAddWithoutValidation("If-Match", version);
            using HttpResponseMessage answer = await web.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    private async Task<TestPage> OpenAsync(TusWeb web, string path)
    {
        string url = web.Client.BaseAddress!.ToString().TrimEnd('/');
        TestPage page = new(await browser.OpenAsync(url), url);
        await page.Page.GotoAsync(path);
        await page.Page.WaitForSelectorAsync(".editor-stage > *");
        return page;
    }
}
