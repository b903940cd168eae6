using System.Text.RegularExpressions;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>The keyboard map, key by key, on one page: each row is a key and what a user then sees. A key that the help names and no row presses fails the test.</summary>
public sealed class KeyboardTests(BrowserFixture browser) : IAsyncDisposable
{
    private const int Files = 119;
    private const string Folder = "00-folder", Home = "/files/keys";

    private readonly TempDirectory _temp = new();
    private readonly HashSet<string> _pressed = [];
    private int _presses;
    private ChildProcess? _web;
    private TestPage _page = null!;

    [Fact]
    public async Task Map_KeyByKey_DoesWhatItSays()
    {
        await StartAsync();
        await RunAsync(
            ("ArrowDown", () => AtAsync(Folder, selected: 1)),
            ("ArrowDown", () => AtAsync(Name(1), selected: 1)),
            ("ArrowUp", () => AtAsync(Folder, selected: 1)),
            ("End", () => AtAsync(Name(Files), selected: 1)),
            ("Home", () => AtAsync(Folder, selected: 1)),
            ("PageDown", () => NotAtAsync(Folder)),
            ("PageUp", () => AtAsync(Folder, selected: 1)),
            ("Shift+ArrowDown", () => AtAsync(Name(1), selected: 2)),
            ("Shift+ArrowUp", () => AtAsync(Folder, selected: 1)),
            ("Shift+PageDown", () => SelectedAsync("[1-9][0-9]")),
            ("Shift+PageUp", () => AtAsync(Folder, selected: 1)),
            ("Shift+End", () => AtAsync(Name(Files), selected: Files + 1)),
            ("End", () => AtAsync(Name(Files), selected: 1)),
            ("Shift+Home", () => AtAsync(Folder, selected: Files + 1)),
            ("Home", () => AtAsync(Folder, selected: 1)),
            ("Control+ArrowDown", () => AtAsync(Name(1), selected: 1)),
            ("Control+Space", () => AtAsync(Name(1), selected: 2)),
            ("Control+ArrowUp", () => AtAsync(Folder, selected: 2)),
            ("Control+Space", () => AtAsync(Folder, selected: 1)),
            ("Control+a", () => SelectedAsync($"{Files + 1}")),
            ("Control+i", () => SelectedAsync("0")),
            ("Home", () => SelectedAsync("1")),
            ("Control+i", () => SelectedAsync($"{Files}")),
            ("Escape", () => SelectedAsync("0")));

        // Letters look for a name; the list has them, whatever else their keys mean.
        await _page.Page.Keyboard.TypeAsync("file-05");
        await AtAsync(Name(50), selected: 1);
        await RunAsync(
            ("Escape", () => SelectedAsync("0")),
            ("Home", () => AtAsync(Folder, selected: 1)),
            ("Enter", () => InFolderAsync()),
            ("Backspace", () => BackAtAsync(Folder)),
            ("Alt+ArrowDown", () => InFolderAsync()),
            ("Alt+ArrowUp", () => BackAtAsync(Folder)),
            ("Alt+ArrowLeft", () => InFolderAsync()),
            ("Alt+ArrowRight", () => BackAtAsync(Folder)));

        // A look at a file; arrows go on inside, and the list follows.
        ILocator preview = _page.Page.Locator(".preview[open], dialog[open]");
        await RunAsync(
            ("Home", () => AtAsync(Folder, selected: 1)),
            ("ArrowDown", () => AtAsync(Name(1), selected: 1)),
            ("Space", () => Expect(preview).ToContainTextAsync(Name(1))),
            ("ArrowRight", () => Expect(preview).ToContainTextAsync(Name(2))),
            ("Escape", () => BackInListAsync(preview)),
            ("Enter", () => Expect(preview).ToContainTextAsync(Name(2))),
            ("Escape", () => BackInListAsync(preview)));

        // The filter, the path, the panes.
        ILocator filter = _page.Page.GetByLabel("Filter this folder by name"), path = _page.Page.GetByRole(AriaRole.Combobox, new() { Name = "Path" });
        ILocator tree = _page.Page.GetByRole(AriaRole.Tree), details = _page.Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });
        await RunAsync(("/", () => Expect(filter).ToBeFocusedAsync()));
        await _page.Page.Keyboard.TypeAsync("file-01");
        await Expect(_page.Page.Locator(".folder-count, .selection strong")).ToContainTextAsync(new Regex("^(10 of|[01] selected)"));
        await Expect(_page.Row(Name(20))).ToHaveCountAsync(0);
        await RunAsync(
            ("Escape", () => Expect(_page.Row(Name(20))).ToBeVisibleAsync()),
            ("Control+f", () => Expect(filter).ToBeFocusedAsync()),
            ("Escape", () => Expect(_page.Grid).ToBeFocusedAsync()),
            ("F4", () => Expect(path).ToBeFocusedAsync()),
            ("Escape", () => BackInListAsync(path)),
            ("Alt+l", () => Expect(path).ToBeFocusedAsync()),
            ("Escape", () => BackInListAsync(path)),
            ("Control+l", () => Expect(path).ToBeFocusedAsync()),
            ("Escape", () => BackInListAsync(path)),
            ("Control+Alt+t", () => Expect(tree).ToHaveCountAsync(0)),
            ("Control+Alt+t", () => Expect(tree).ToBeVisibleAsync()),
            ("Alt+p", () => Expect(details).ToBeVisibleAsync()),
            ("Alt+p", () => Expect(details).ToHaveCountAsync(0)));

        // Tiles, where left and right are neighbours.
        await _page.Grid.FocusAsync();
        await RunAsync(
            ("Control+Shift+2", () => _page.Page.WaitForSelectorAsync(".tile-grid[data-ready] [data-n]")),
            ("Home", () => AtAsync(Folder, selected: 1)),
            ("ArrowRight", () => AtAsync(Name(1), selected: 1)),
            ("Shift+ArrowRight", () => AtAsync(Name(2), selected: 2)),
            ("ArrowLeft", () => AtAsync(Name(1), selected: 1)),
            ("Control+Shift+6", () => _page.Page.WaitForSelectorAsync(".vp[data-ready]:not(.tile-grid) [data-n]")));
        await DialogsAsync();
        await ChangesAsync();
        await OtherPagesAsync();
        await NamedInTheHelpAsync();
        Assert.Empty(_page.Complaints);
    }

    /// <summary>Menus and dialogs: each opens, and Escape leads back to the list.</summary>
    private async Task DialogsAsync()
    {
        await _page.Grid.FocusAsync();
        ILocator dialog = _page.Page.GetByRole(AriaRole.Dialog), menu = _page.Page.GetByRole(AriaRole.Menu);
        await RunAsync(
            ("Home", () => AtAsync(Folder, selected: 1)),
            ("ArrowDown", () => AtAsync(Name(1), selected: 1)),
            ("ContextMenu", () => Expect(menu.GetByRole(AriaRole.Menuitem).First).ToBeFocusedAsync()),
            ("Escape", () => BackInListAsync(menu)),
            ("Shift+F10", () => WalkAsync(menu)),
            ("Escape", () => BackInListAsync(menu)),
            ("Alt+Enter", () => AskedAsync(dialog, "Properties")),
            ("Escape", () => BackInListAsync(dialog)),
            ("Meta+i", () => AskedAsync(dialog, "Properties")),
            ("Escape", () => BackInListAsync(dialog)),
            ("Shift+F5", () => AskedAsync(dialog, "Copy")),
            ("Escape", () => BackInListAsync(dialog)),
            ("Shift+F6", () => AskedAsync(dialog, "Move")),
            ("Escape", () => BackInListAsync(dialog)),
            ("Control+Shift+N", () => Expect(dialog.GetByLabel("Name")).ToBeFocusedAsync()),
            ("Escape", () => BackInListAsync(dialog)),
            ("F1", () => AskedAsync(dialog, "In the list")),
            ("Escape", () => BackInListAsync(dialog)),
            ("?", () => AskedAsync(dialog, "In the list")),
            ("Escape", () => BackInListAsync(dialog)));
        await _page.Page.RunAndWaitForFileChooserAsync(() => RunAsync(("Alt+u", () => Task.CompletedTask)));
    }

    /// <summary>What changes the tree, and takes it back.</summary>
    private async Task ChangesAsync()
    {
        ILocator edited = _page.Page.GetByLabel("New name"), said = _page.Page.Locator(".files > [role=status]"), dialog = _page.Page.GetByRole(AriaRole.Dialog);
        await RunAsync(
            ("Alt+n", () => Expect(dialog.GetByLabel("Name")).ToBeFocusedAsync()));
        await _page.Page.Keyboard.InsertTextAsync("0-new");
        await RunAsync(
            ("Enter", () => NamedAsync("0-new", dialog)),
            ("F2", () => Expect(edited).ToBeFocusedAsync()));
        Assert.Equal("0-new", await edited.EvaluateAsync<string>("f => f.value.slice(f.selectionStart, f.selectionEnd)"));
        await _page.Page.Keyboard.InsertTextAsync("0-renamed");
        await RunAsync(
            ("Enter", () => NamedAsync("0-renamed", edited)),
            ("Control+z", () => Expect(_page.Row("0-new")).ToBeVisibleAsync()));

        await _page.Row(Name(3)).Locator(".c-time").ClickAsync();
        await SelectedAsync("1");
        await RunAsync(
            ("Delete", () => Expect(_page.Row(Name(3))).ToHaveCountAsync(0)),
            ("Control+z", () => Expect(_page.Row(Name(3))).ToBeVisibleAsync()));
        await _page.Row(Name(3)).Locator(".c-time").ClickAsync();
        await SelectedAsync("1");
        await RunAsync(
            ("Control+Backspace", () => Expect(_page.Row(Name(3))).ToHaveCountAsync(0)),
            ("Control+z", () => Expect(_page.Row(Name(3))).ToBeVisibleAsync()));
        await _page.Row(Name(3)).Locator(".c-time").ClickAsync();
        await SelectedAsync("1");
        await RunAsync(
            ("Shift+Delete", () => Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true })).ToBeFocusedAsync()),
            ("Escape", () => BackInListAsync(dialog)));
        await Expect(_page.Row(Name(3))).ToBeVisibleAsync();

        await RunAsync(
            ("Control+d", () => Expect(_page.Row("file-003%20%282%29.txt")).ToBeVisibleAsync()));
        await _page.Row(Name(4)).Locator(".c-time").ClickAsync();
        await SelectedAsync("1");
        await RunAsync(("Control+c", () => Expect(said).ToContainTextAsync("1 item copied")));
        await _page.Row(Folder).Locator(".c-name").DblClickAsync();
        await InFolderAsync();
        await RunAsync(
            ("Control+v", () => Expect(_page.Row(Name(4))).ToBeVisibleAsync()),
            ("Backspace", () => BackAtAsync(Folder)));
        await Expect(_page.Row(Name(4))).ToBeVisibleAsync();
        await _page.Row(Name(5)).Locator(".c-time").ClickAsync();
        await SelectedAsync("1");
        await RunAsync(("Control+x", () => Expect(said).ToContainTextAsync("1 item cut")));
        await _page.Row(Folder).Locator(".c-name").DblClickAsync();
        await InFolderAsync();
        await RunAsync(
            ("Control+v", () => Expect(_page.Row(Name(5))).ToBeVisibleAsync()),
            ("Backspace", () => BackAtAsync(Folder)));
        await Expect(_page.Row(Name(5))).ToHaveCountAsync(0);
        await RunAsync(("Control+z", () => Expect(_page.Row(Name(5))).ToBeVisibleAsync()));
    }

    private async Task OtherPagesAsync()
    {
        await _page.Row(Name(6)).Locator(".c-time").ClickAsync();
        await SelectedAsync("1");
        await RunAsync(("Control+e", () => Expect(_page.Page).ToHaveURLAsync(new Regex("/edit/keys/file-006.txt$"))));
        await _page.OpenListAsync(Home);
        await RunAsync(("Control+Shift+F", () => Expect(_page.Page).ToHaveURLAsync(new Regex("/search/keys"))));
        await _page.OpenListAsync(Home);
        await RunAsync(("Control+j", () => Expect(_page.Page).ToHaveURLAsync(new Regex("/operations$"))));

        // F5 is the browser's: the page leaves it to it, and is what it was when it is back.
        await _page.OpenListAsync(Home + "?sort=-name&view=grid");
        await _page.Page.EvaluateAsync("() => addEventListener('keydown', e => document.title = `${e.key} ${e.defaultPrevented}`)");
        await _page.PressAsync("F5");
        await Expect(_page.Page).ToHaveTitleAsync("F5 false");
        await _page.ReloadAsync();
        await Expect(_page.Page.Locator($".tile-item[data-n='{Name(Files)}']")).ToBeInViewportAsync();
    }

    /// <summary>Every key of a command that the help names was pressed above.</summary>
    private async Task NamedInTheHelpAsync()
    {
        await _page.OpenListAsync(Home);
        await _page.PressAsync("F1");
        await Expect(_page.Page.Locator(".key-help kbd").First).ToBeVisibleAsync();
        string[] named = await _page.Page.Locator(".key-help section:last-child kbd").EvaluateAllAsync<string[]>("keys => keys.map(k => k.textContent)");
        Assert.InRange(named.Length, 30, 60);
        Assert.Empty(named.Except(_pressed));
    }

    /// <summary>Arrows reach each entry of the menu, the first after the last; a letter the next entry that begins with it.</summary>
    private async Task WalkAsync(ILocator menu)
    {
        ILocator items = menu.GetByRole(AriaRole.Menuitem);
        await Expect(items.First).ToBeFocusedAsync();
        int count = await items.CountAsync();
        Assert.InRange(count, 12, 30);
        for (int i = 1; i <= count; i++)
        {
            await _page.PressAsync("ArrowDown");
            await Expect(items.Nth(i % count)).ToBeFocusedAsync();
        }
        await _page.PressAsync("ArrowUp");
        await Expect(items.Last).ToBeFocusedAsync();
        await Expect(items.Last).ToBeInViewportAsync();
        await _page.PressAsync("r");
        await Expect(menu.GetByRole(AriaRole.Menuitem, new() { Name = "Rename" })).ToBeFocusedAsync();
    }

    private async Task RunAsync(params (string Key, Func<Task> Seen)[] steps)
    {
        foreach ((string key, Func<Task> seen) in steps)
        {
            _presses++;
            _pressed.Add(TextOf(key));
            await _page.PressAsync(key);
            try
            {
                await seen();
            }
            catch (Exception failed) when (failed is PlaywrightException or TimeoutException)
            {
                Assert.Fail($"{key}, as key {_presses}: {failed.Message}");
            }
        }
    }

    /// <summary>As the help writes it.</summary>
    private static string TextOf(string key)
    {
        string[] parts = key.Replace("Control", "Ctrl", StringComparison.Ordinal).Split('+');
        string last = parts[^1] switch
        {
            "ArrowUp" => "↑",
            "ArrowDown" => "↓",
            "ArrowLeft" => "←",
            "ArrowRight" => "→",
            "Escape" => "Esc",
            { Length: 1 } letter => letter.ToUpperInvariant(),
            string other => other,
        };
        return string.Concat(new[] { "Ctrl", "Alt", "Shift" }.Where(parts.SkipLast(1).Contains).Select(p => p + "+")) + last;
    }

    private async Task AtAsync(string name, int selected)
    {
        await Expect(_page.Page.Locator("[data-n].active")).ToHaveAttributeAsync("data-n", name);
        await Expect(_page.Row(name)).ToBeInViewportAsync();
        await SelectedAsync($"{selected}");
    }

    private Task NotAtAsync(string name) => Expect(_page.Page.Locator("[data-n].active")).Not.ToHaveAttributeAsync("data-n", name);

    private Task SelectedAsync(string count) => count == "0"
        ? Expect(_page.SelectionText).ToHaveCountAsync(0) : Expect(_page.SelectionText).ToHaveTextAsync(new Regex($"^{count} selected$"));

    private async Task InFolderAsync()
    {
        await Expect(_page.Page).ToHaveURLAsync(new Regex($"{Home}/{Folder}$"));
        await Expect(_page.Row("inside.txt")).ToBeVisibleAsync();
        await Expect(_page.Grid).ToBeFocusedAsync();
    }

    private async Task BackAtAsync(string folder)
    {
        await Expect(_page.Page).ToHaveURLAsync(new Regex($"{Home}$"));
        await Expect(_page.Page.Locator("[data-n].active")).ToHaveAttributeAsync("data-n", folder);
        await Expect(_page.Grid).ToBeFocusedAsync();
    }

    private async Task NamedAsync(string name, ILocator asked)
    {
        await Expect(_page.Row(name)).ToHaveAttributeAsync("aria-selected", "true");
        await BackInListAsync(asked);
    }

    private async Task BackInListAsync(ILocator left)
    {
        await Expect(left).ToHaveCountAsync(0);
        await Expect(_page.Grid).ToBeFocusedAsync();
    }

    /// <summary>The dialog is open, and keys are its own.</summary>
    private static async Task AskedAsync(ILocator dialog, string text)
    {
        await Expect(dialog).ToContainTextAsync(text);
        await Expect(dialog.Locator(":focus")).ToHaveCountAsync(1);
    }

    private static string Name(int number) => $"file-{number:000}.txt";

    private async Task StartAsync()
    {
        string keys = _temp.File("tree/keys");
        Directory.CreateDirectory(Path.Combine(keys, Folder));
        await File.WriteAllTextAsync(Path.Combine(keys, Folder, "inside.txt"), "inside");
        for (int i = 1; i <= Files; i++)
            await File.WriteAllTextAsync(Path.Combine(keys, Name(i)), $"{i}");
        (_web, string url) = await WebProcess.StartAsync("--data", _temp.File("data"), "--import", _temp.File("tree"));
        _page = await browser.OpenOnAsync(url);
        await _page.OpenListAsync(Home);
    }

    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
            await _page.DisposeAsync();
        if (_web is not null)
            await _web.DisposeAsync();
        _temp.Dispose();
    }
}
