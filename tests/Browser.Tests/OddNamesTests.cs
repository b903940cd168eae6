using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Two names with everything odd in them through every action on the page: each time it is that file, and that name.</summary>
public sealed class OddNamesTests(BrowserFixture browser) : IAsyncDisposable
{
    private TusWeb _web = null!;
    private TestPage _page = null!;

    [Fact]
    public async Task EveryAction_OnOddNames_MeansThatFileAndKeepsItsName()
    {
        _web = await TusWeb.StartAsync();
        string signs = Uri.EscapeDataString("-%41 #&+? \"q\" 'a'\n\u202etxt"), bytes = "caf%E9%2520%23"; // caf\xE9%20#
        foreach (string stem in new[] { signs, bytes })
        {
            using HttpResponseMessage made = await _web.CreateAsync($"{stem}.md", Encoding.UTF8.GetBytes(stem), encoded: true);
            Assert.True(made.IsSuccessStatusCode);
        }
        (await _web.CreateAsync("elsewhere", [], ("type", "folder"))).Dispose();
        _page = await browser.OpenOnAsync(_web.Client.BaseAddress!.ToString().TrimEnd('/'));
        await _page.OpenListAsync("/files/");
        await EachActionAsync(signs);
        await EachActionAsync(bytes);
        Assert.Empty(_page.Complaints);
    }

    private async Task EachActionAsync(string stem)
    {
        string name = $"{stem}.md", copy = $"{stem}%20%282%29.md";
        ILocator preview = _page.Page.Locator("dialog.preview"), dialog = _page.Page.GetByRole(AriaRole.Dialog), edited = _page.Page.GetByLabel("New name");
        await ChooseAsync(name);
        await _page.PressAsync("Space");
        await Expect(preview.Locator(".preview-markdown")).ToContainTextAsync(stem);
        await _page.PressAsync("Escape");
        await InListAsync(preview);

        await _page.PressAsync("Alt+Enter");
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Others: write" }).ClickAsync();
        await Expect(dialog.GetByLabel("Octal")).ToHaveValueAsync("0646");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await InListAsync(dialog);
        await Expect(_page.Row(name).Locator(".c-mode")).ToHaveTextAsync("-rw-r--rw-");

        // A letter before it: the rest of the name is what it was, though a field has no room for some of it.
        await _page.PressAsync("F2");
        await Expect(edited).ToBeFocusedAsync();
        await _page.PressAsync("Home");
        await _page.Page.Keyboard.TypeAsync("z");
        await _page.PressAsync("Enter");
        await Expect(_page.Row($"z{name}")).ToBeVisibleAsync();
        await InListAsync(edited);
        await _page.PressAsync("Control+z");
        await Expect(_page.Row(name)).ToBeVisibleAsync();
        await Expect(_page.Row($"z{name}")).ToHaveCountAsync(0);

        await ChooseAsync(name);
        await _page.PressAsync("Control+d");
        await Expect(_page.Row(copy)).ToBeVisibleAsync();
        await HasAsync($"/{copy}", stem);
        await ChooseAsync(copy);
        await _page.PressAsync("Control+c");
        await Expect(_page.Page.Locator(".files > [role=status]")).ToContainTextAsync("1 item copied");
        await _page.OpenListAsync("/files/");
        await GoPasteAsync(copy);
        await HasAsync($"/elsewhere/{copy}", stem);

        // Gone into the trash, and back.
        await _page.OpenListAsync("/files/");
        await ChooseAsync(name);
        await _page.PressAsync("Delete");
        await Expect(_page.Row(name)).ToHaveCountAsync(0);
        await Expect(_page.Row(copy)).ToBeVisibleAsync();
        await _page.OpenListAsync("/trash");
        await _page.PressAsync("Control+a");
        await Expect(_page.SelectionText).ToHaveTextAsync("1 selected");
        await _page.PressAsync("Enter");
        await Expect(_page.Page.Locator(".state")).ToContainTextAsync("The trash is empty.");
        await HasAsync($"/{name}", stem);

        await _page.OpenListAsync("/files/");
        await ChooseAsync(copy);
        await _page.PressAsync("Shift+Delete");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete 1 item" }).ClickAsync();
        await Expect(_page.Row(copy)).ToHaveCountAsync(0);
        await Expect(_page.Row(name)).ToBeVisibleAsync();

        await ChooseAsync(name);
        await _page.PressAsync("Control+e");
        ILocator text = _page.Page.Locator(".editor-text");
        await Expect(text).ToHaveValueAsync(stem);
        await text.FillAsync("edited");
        await _page.PressAsync("Control+s");
        await Expect(_page.Page.Locator("[data-state]")).ToHaveTextAsync("Saved");
        await HasAsync($"/{name}", "edited");
        await _page.OpenListAsync("/files/");
    }

    private async Task GoPasteAsync(string name)
    {
        await _page.Row("elsewhere").Locator(".c-name").DblClickAsync();
        await Expect(_page.Page).ToHaveURLAsync(new Regex("/elsewhere$"));
        await Expect(_page.Page.Locator("h1")).ToHaveTextAsync("elsewhere");
        await Expect(_page.Page.Locator("[data-command=paste]")).ToBeVisibleAsync();
        await _page.PressAsync("Control+v");
        await Expect(_page.Row(name)).ToBeVisibleAsync();
    }

    private async Task ChooseAsync(string name)
    {
        await _page.Row(name).Locator(".c-time").ClickAsync();
        await Expect(_page.Row(name)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(_page.SelectionText).ToHaveTextAsync("1 selected");
    }

    private async Task InListAsync(ILocator left)
    {
        await Expect(left).ToHaveCountAsync(0);
        await Expect(_page.Grid).ToBeFocusedAsync();
    }

    private async Task HasAsync(string path, string text) => Assert.Equal(text, await _web.Client.GetStringAsync($"/download{path}"));

    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
            await _page.DisposeAsync();
        if (_web is not null)
            await _web.DisposeAsync();
    }
}
