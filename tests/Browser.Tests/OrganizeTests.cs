using System.Text;
using System.Text.RegularExpressions;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>New names, copies, moves, conflicts and undo, on Capstan as it is started.</summary>
public sealed class OrganizeTests(BrowserFixture browser)
{
    private const string Odd = "%41 #&+ \"q\" 'a'\n-end \u202etxt.exe";

    [Fact]
    public async Task Names_NewFolderFileRenameAndLinks_AreCheckedAndMade()
    {
        using TempDirectory temp = new();
        await using ChildProcess web = await StartAsync(temp);
        await using TestPage page = await OpenAsync("/files/");
        await page.PressAsync("Alt+n");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog), name = dialog.GetByLabel("Name"), problem = dialog.GetByRole(AriaRole.Alert);
        await Expect(name).ToBeFocusedAsync();
        await name.FillAsync("a/b");
        await Expect(problem).ToContainTextAsync("cannot contain “/”");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Make folder" })).ToBeDisabledAsync();
        await name.FillAsync(new string('ä', 128));
        await Expect(problem).ToContainTextAsync("256 bytes");
        await name.FillAsync("from");
        await page.PressAsync("Enter");
        await Expect(problem).ToContainTextAsync("“from” is there already");
        await page.AssertAccessibleAsync("new folder");
        await name.FillAsync("New");
        await page.PressAsync("Enter");
        await Expect(page.Row("New")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Grid).ToBeFocusedAsync();

        await RunAsync(page, "New file", folder: true);
        await Expect(dialog.GetByLabel("Name")).ToBeFocusedAsync();
        await dialog.GetByLabel("Name").FillAsync("-leading.txt");
        await page.PressAsync("Enter");
        await Expect(page.Row("-leading.txt")).ToHaveAttributeAsync("aria-selected", "true");

        // The stem is selected; an entry by a name that is not UTF-8 keeps its bytes where they are not typed over.
        ILocator edited = page.Row("-leading.txt").GetByLabel("New name");
        await page.PressAsync("F2");
        await Expect(edited).ToHaveValueAsync("-leading.txt");
        await Expect(edited).ToBeFocusedAsync();
        await edited.FillAsync("a/b");
        await Expect(page.Row("-leading.txt").GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot contain “/”");
        await page.AssertAccessibleAsync("name edited in its row");
        await Shots.TakeAsync(page.Page, "rename");
        await page.PressAsync("Escape");
        await Expect(edited).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        await page.PressAsync("F2");
        await Expect(edited).ToBeFocusedAsync();
        await page.Page.Keyboard.InsertTextAsync(@"caf\xE9");
        await page.PressAsync("Enter");
        await Expect(page.Row("caf%E9.txt")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Row("-leading.txt")).ToHaveCountAsync(0);
        await page.PressAsync("Control+z");
        await Expect(page.Row("-leading.txt")).ToBeVisibleAsync();

        // Who goes elsewhere means it; a name that is taken is said, and nothing is lost.
        await page.Row("-leading.txt").Locator(".c-time").ClickAsync();
        await page.PressAsync("F2");
        await Expect(edited).ToBeFocusedAsync();
        await edited.FillAsync("from");
        await page.PressAsync("Enter");
        await Expect(page.Row("-leading.txt").GetByRole(AriaRole.Alert)).ToContainTextAsync("“from” is there already");
        await page.Row("to").Locator(".c-time").ClickAsync();
        await Expect(page.Page.Locator(".notice")).ToContainTextAsync("The name was left as it was.");
        await page.Row("-leading.txt").Locator(".c-time").ClickAsync();
        await page.PressAsync("F2");
        await Expect(edited).ToBeFocusedAsync();
        await edited.FillAsync("left.txt");
        await page.Row("to").Locator(".c-time").ClickAsync();
        await Expect(page.Row("left.txt")).ToBeVisibleAsync();
        await page.Row("left.txt").Locator(".c-time").ClickAsync();
        // The same on a narrow page, and in a tile.
        await page.Page.SetViewportSizeAsync(400, 800);
        ILocator left = page.Row("left.txt").GetByLabel("New name");
        await page.PressAsync("F2");
        await Expect(left).ToBeFocusedAsync();
        await left.FillAsync("to");
        await page.PressAsync("Enter");
        await Expect(page.Row("left.txt").GetByRole(AriaRole.Alert)).ToContainTextAsync("“to” is there already");
        await page.AssertAccessibleAsync("name edited on a narrow page");
        await Shots.TakeAsync(page.Page, "rename-narrow");
        await left.FillAsync("narrow.txt");
        await page.PressAsync("Enter");
        await Expect(page.Row("narrow.txt")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Grid).ToBeFocusedAsync();
        await page.Page.SetViewportSizeAsync(1280, 800);
        await page.PressAsync("Control+Shift+2");
        await page.Page.WaitForSelectorAsync(".tile-grid[data-ready] [data-n='narrow.txt'][aria-selected=true]");
        await page.Grid.FocusAsync();
        ILocator tile = page.Row("narrow.txt").GetByLabel("New name");
        await page.PressAsync("F2");
        await Expect(tile).ToBeFocusedAsync();
        Assert.Equal("narrow", await tile.EvaluateAsync<string>("f => f.value.slice(f.selectionStart, f.selectionEnd)"));
        await tile.FillAsync("");
        await Expect(page.Row("narrow.txt").GetByRole(AriaRole.Alert)).ToContainTextAsync("Type a name.");
        await page.AssertAccessibleAsync("name edited in a tile");
        await Shots.TakeAsync(page.Page, "rename-tile");
        await page.PressAsync("Escape");
        await Expect(tile).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        await page.Row("narrow.txt").ClickAsync(new() { Button = MouseButton.Right });
        await page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Rename" }).ClickAsync();
        await Expect(tile).ToBeFocusedAsync();
        await tile.FillAsync("-leading.txt");
        await page.PressAsync("Enter");
        await Expect(page.Row("-leading.txt")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Grid).ToBeFocusedAsync();
        await page.PressAsync("Control+Shift+6");
        await page.Page.WaitForSelectorAsync(".vp[data-ready]:not(.tile-grid) [data-n='-leading.txt']");

        await page.Row("-leading.txt").Locator(".c-time").ClickAsync();
        await RunAsync(page, "Make link");
        await Expect(dialog.GetByRole(AriaRole.Textbox).First).ToBeFocusedAsync();
        await page.PressAsync("Enter");
        await Expect(page.Row("-leading.txt%20link").Locator(".target")).ToContainTextAsync("-leading.txt");
        await page.Row("-leading.txt").Locator(".c-time").ClickAsync();
        await RunAsync(page, "Give a second name (hard link)");
        await Expect(dialog.GetByLabel("Second name")).ToBeFocusedAsync();
        await dialog.GetByLabel("Second name").FillAsync("second");
        await page.PressAsync("Enter");
        await Expect(page.Row("second")).ToBeVisibleAsync();

        // What was found is renamed in its row, and stays.
        await page.GoAsync("/search/?q=second");
        await page.Page.WaitForSelectorAsync(".vp[data-ready] .search-row[data-n='second']");
        await page.Row("second").Locator(".c-place").ClickAsync();
        await page.PressAsync("F2");
        await Expect(page.Page.GetByLabel("New name")).ToBeFocusedAsync();
        await page.Page.GetByLabel("New name").FillAsync("third");
        await page.AssertAccessibleAsync("a hit's name edited");
        await page.PressAsync("Enter");
        await Expect(page.Row("third")).ToBeVisibleAsync();
        await Expect(page.Grid).ToBeFocusedAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task CutAndPaste_OddNamesAcrossTabs_MoveAndUndo()
    {
        using TempDirectory temp = new();
        await using ChildProcess web = await StartAsync(temp);
        await using TestPage page = await OpenAsync("/files/from"), other = await OpenAsync("/files/to");
        int all = await page.Page.Locator(".file-row[data-n]").CountAsync(), before = await other.Page.Locator(".file-row[data-n]").CountAsync();
        string odd = Encode(Odd);
        await page.Row(odd).Locator(".c-time").ClickAsync();
        await page.Row("caf%E9").Locator(".c-time").ClickAsync(new() { Modifiers = [KeyboardModifier.Control] });
        await page.PressAsync("Control+x");
        await Expect(other.Page.Locator("[role=toolbar]").GetByRole(AriaRole.Button, new() { Name = "Move 2 items here" })).ToBeVisibleAsync();
        await other.PressAsync("Control+v");
        await Expect(other.Row(odd)).ToBeVisibleAsync();
        await Expect(other.Row("caf%E9")).ToBeVisibleAsync();
        await Expect(page.Row(odd)).ToHaveCountAsync(0);
        await Expect(other.Page.Locator(".file-row[data-n]")).ToHaveCountAsync(before + 2);

        await other.Page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Row(odd)).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".file-row[data-n]")).ToHaveCountAsync(all);
        await Expect(other.Row(odd)).ToHaveCountAsync(0);
        Assert.Empty(page.Complaints);
        Assert.Empty(other.Complaints);
    }

    [Fact]
    public async Task Conflict_IsAskedOnceAJob_AndAnsweredForAllFromAnotherBrowser()
    {
        using TempDirectory temp = new();
        await using ChildProcess web = await StartAsync(temp);
        await using TestPage page = await OpenAsync("/files/from"), other = await OpenAsync("/files/to");
        await page.PressAsync("Control+a");
        await page.PressAsync("Control+c");
        await Expect(page.Page.Locator(".files > [role=status]")).ToContainTextAsync("copied");
        await page.OpenListAsync("/files/to");
        await page.PressAsync("Control+v");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("is there already");
        await Expect(dialog).ToContainTextAsync("7 B");
        await Expect(dialog).ToContainTextAsync("3 B");
        await page.AssertAccessibleAsync("conflict");
        await Shots.TakeAsync(page.Page, "conflict");
        // The rest is done meanwhile, and the tab may go: the question does not.
        await Expect(other.Row(Encode(Odd))).ToBeVisibleAsync();
        await page.Page.CloseAsync();
        await Expect(other.Page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Decide" })).ToBeVisibleAsync();
        await other.GoAsync("/operations");
        ILocator asks = other.Page.Locator(".job").GetByRole(AriaRole.Button, new() { Name = "Decide" });
        await Expect(asks).ToBeVisibleAsync();
        await other.AssertAccessibleAsync("a job that asks");
        await asks.ClickAsync();
        ILocator there = other.Page.GetByRole(AriaRole.Dialog);
        await there.GetByRole(AriaRole.Checkbox).CheckAsync();
        await there.GetByRole(AriaRole.Button, new() { Name = "Keep both" }).ClickAsync();
        await Expect(there).ToHaveCountAsync(0);
        await other.OpenListAsync("/files/to");
        await Expect(other.Row("same-1%20%282%29.txt")).ToBeVisibleAsync();
        await Expect(other.Row("same-2%20%282%29.txt")).ToBeVisibleAsync();
        Assert.Empty(other.Complaints);
    }

    [Fact]
    public async Task Drag_OntoAFolderAndThePath_MovesOrCopies()
    {
        using TempDirectory temp = new();
        await using ChildProcess web = await StartAsync(temp);
        await using TestPage page = await OpenAsync("/files/from");
        await DragAsync(page, page.Row("same-1.txt"), page.Row("inner"), "inner", escape: true);
        await DragAsync(page, page.Row("same-1.txt"), page.Page.Locator(".tree-row[data-folder='to']"), "to", escape: true);
        await Expect(page.Row("same-1.txt")).ToBeVisibleAsync();
        await DragAsync(page, page.Row("same-1.txt"), page.Row("inner"), "inner");
        await Expect(page.Row("same-1.txt")).ToHaveCountAsync(0);
        await DragAsync(page, page.Row("same-2.txt"), page.Page.Locator(".crumbs a").First, "Files", copy: true);
        await Expect(page.Row("same-2.txt")).ToBeVisibleAsync();
        await page.OpenListAsync("/files/");
        await Expect(page.Row("same-2.txt")).ToBeVisibleAsync();
        // Into itself is nothing that can be done.
        await page.OpenListAsync("/files/from/inner");
        await Expect(page.Row("same-1.txt")).ToBeVisibleAsync();
        await page.OpenListAsync("/files/from");
        await page.Row("inner").Locator(".c-time").ClickAsync();
        await page.PressAsync("Control+c");
        await Expect(page.Page.Locator(".files > [role=status]")).ToContainTextAsync("copied");
        await page.OpenListAsync("/files/from/inner");
        await page.PressAsync("Control+v");
        await Expect(page.Page.Locator(".notice")).ToContainTextAsync("cannot be copied into itself");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task MoveTo_ByTheDialog_GoesWhereItSays()
    {
        using TempDirectory temp = new();
        await using ChildProcess web = await StartAsync(temp);
        await using TestPage page = await OpenAsync("/files/from");
        await page.Row("same-1.txt").Locator(".c-time").ClickAsync();
        await RunAsync(page, "Move to…");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await page.AssertAccessibleAsync("move to");
        await Shots.TakeAsync(page.Page, "move-to");
        await dialog.GetByLabel("Folder", new() { Exact = true }).FillAsync("/nowhere");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Go" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("not there");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "inner" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Move to “inner”" }).ClickAsync();
        await Expect(page.Row("same-1.txt")).ToHaveCountAsync(0);
        await page.OpenListAsync("/files/from/inner");
        await Expect(page.Row("same-1.txt")).ToBeVisibleAsync();
        await page.PressAsync("Control+a");
        await page.PressAsync("Control+d");
        await Expect(page.Row("same-1%20%282%29.txt")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Paste_OfAnEntryThatWasReplaced_TouchesNothing()
    {
        using TempDirectory temp = new();
        await using ChildProcess web = await StartAsync(temp);
        await using TestPage page = await OpenAsync("/files/from"), other = await OpenAsync("/files/from");
        await page.Row("same-1.txt").Locator(".c-time").ClickAsync();
        await page.PressAsync("Control+x");
        await Expect(page.Page.Locator(".files > [role=status]")).ToContainTextAsync("cut");
        await other.Row("same-1.txt").Locator(".c-time").ClickAsync();
        await other.PressAsync("F2");
        await Expect(other.Page.GetByLabel("New name")).ToBeFocusedAsync();
        await other.Page.GetByLabel("New name").FillAsync("elsewhere");
        await other.PressAsync("Enter");
        await Expect(page.Row("elsewhere")).ToBeVisibleAsync();
        await other.Row("same-2.txt").Locator(".c-time").ClickAsync();
        await other.PressAsync("F2");
        await Expect(other.Page.GetByLabel("New name")).ToBeFocusedAsync();
        await other.Page.GetByLabel("New name").FillAsync("same-1.txt");
        await other.PressAsync("Enter");
        await Expect(page.Row("same-2.txt")).ToHaveCountAsync(0);
        await page.OpenListAsync("/files/from/inner");
        await page.PressAsync("Control+v");
        await Expect(page.Page.Locator(".toast.bad")).ToContainTextAsync("1 failed");
        await page.OpenListAsync("/files/from");
        await Expect(page.Row("same-1.txt")).ToContainTextAsync("Another file");
        Assert.Empty(page.Complaints);
    }

    private static async Task DragAsync(TestPage page, ILocator from, ILocator to, string where, bool copy = false, bool escape = false)
    {
        LocatorBoundingBoxResult start = (await from.Locator(".c-name a").BoundingBoxAsync())!, end = (await to.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(start.X + 5, start.Y + 10);
        await page.Page.Mouse.DownAsync();
        if (copy)
            await page.Page.Keyboard.DownAsync("Control");
        await page.Page.Mouse.MoveAsync(start.X + 20, start.Y + 12);
        await page.Page.Mouse.MoveAsync(end.X + 15, end.Y + (end.Height / 2), new() { Steps = 4 });
        await Expect(page.Page.Locator(".drag-label")).ToHaveTextAsync(new Regex($"^{(copy ? "Copy" : "Move")} same-[0-9].txt to {where}$"));
        await Expect(page.Page.Locator(".drop-target")).ToHaveCountAsync(1);
        await Expect(from).ToHaveAttributeAsync("aria-selected", "true");
        if (escape)
            await page.PressAsync("Escape");
        await page.Page.Mouse.UpAsync();
        if (copy)
            await page.Page.Keyboard.UpAsync("Control");
        await Expect(page.Page.Locator(".drag-label")).ToHaveCountAsync(0);
    }

    private static async Task RunAsync(TestPage page, string command, bool folder = false)
    {
        if (folder)
            await page.Page.GetByRole(AriaRole.Button, new() { Name = command }).Or(page.Page.GetByRole(AriaRole.Button, new() { Name = "More actions" })).First.WaitForAsync();
        await page.PressAsync(folder ? "Escape" : "Shift+F10");
        if (folder)
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Menu).GetByRole(AriaRole.Menuitem, new() { Name = command }).ClickAsync();
    }

    private async Task<TestPage> OpenAsync(string path)
    {
        TestPage page = new(await browser.OpenAsync(_url), _url);
        await page.OpenListAsync(path);
        return page;
    }

    private string _url = "";

    private async Task<ChildProcess> StartAsync(TempDirectory temp)
    {
        string tree = temp.File("tree");
        Directory.CreateDirectory(Path.Combine(tree, "from", "inner"));
        Directory.CreateDirectory(Path.Combine(tree, "to"));
        foreach (string name in new[] { "same-1.txt", "same-2.txt" })
        {
            File.WriteAllText(Path.Combine(tree, "from", name), "1234567");
            File.WriteAllText(Path.Combine(tree, "to", name), "abc");
        }
        File.WriteAllText(Path.Combine(tree, "from", Odd), "odd");
        await RawNames.WriteAsync(Path.Combine(tree, "from"), [(byte)'c', (byte)'a', (byte)'f', 0xE9]);
        File.WriteAllText(Path.Combine(tree, "from", "inner", "deep.txt"), "deep");
        (ChildProcess process, _url) = await WebProcess.StartAsync("--data", temp.File("data"), "--import", tree);
        await RawNames.RemoveTreeAsync(tree); // It is in the store.
        return process;
    }

    private static string Encode(string name)
    {
        StringBuilder encoded = new();
        foreach (byte b in Encoding.UTF8.GetBytes(name))
            _ = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' ? encoded.Append((char)b) : encoded.Append($"%{b:X2}");
        return encoded.ToString();
    }
}
