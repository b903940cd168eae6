using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Never the wrong file: between choosing an entry and acting on it another one takes its name.</summary>
public sealed class ReplacedEntryTests(BrowserFixture browser)
{
    private static readonly FileName Name = FileName.Create("budget.xlsx");

    [Fact]
    public async Task Act_OnAnEntryThatWasReplaced_TouchesNothing()
    {
        await using OwnApp app = await OwnApp.StartAsync("--Fake:RemovalsPerSecond=1000");
        await using TestPage page = await browser.OpenOnAsync(app.Address);
        ILocator row = page.Row("budget.xlsx"), dialog = page.Page.GetByRole(AriaRole.Dialog);
        await page.OpenListAsync("/files/");

        // Chosen, replaced: nothing is chosen any more, and the key has nothing to delete.
        await ChooseAsync();
        Replace(app, 2);
        await Expect(page.Page.Locator("[aria-selected=true]")).ToHaveCountAsync(0);
        await page.PressAsync("Delete");
        await page.PressAsync("Control+x");
        await Expect(row).ToContainTextAsync("2 B");

        // Replaced while one is asked whether to delete it for good.
        await ChooseAsync();
        await page.PressAsync("Shift+Delete");
        await Expect(dialog).ToContainTextAsync("Permanently delete “budget.xlsx”?");
        FakeInode third = Replace(app, 3);
        await Expect(row).ToContainTextAsync("3 B");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete 1 item" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Page.Locator(".toast.bad, .toast.good").First).ToBeVisibleAsync();
        Assert.Same(third, Now(app));
        await row.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();

        // Replaced while its name is edited: the field goes, and what was typed is nobody's name.
        await ChooseAsync();
        await page.PressAsync("F2");
        await Expect(page.Page.GetByLabel("New name")).ToBeFocusedAsync();
        await page.Page.GetByLabel("New name").FillAsync("renamed");
        Replace(app, 4);
        await Expect(page.Page.GetByLabel("New name")).ToHaveCountAsync(0);
        await Expect(row).ToContainTextAsync("4 B");

        // Replaced while its properties are open.
        await ChooseAsync();
        await page.PressAsync("Alt+Enter");
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Others: write" }).ClickAsync();
        await Expect(dialog.GetByLabel("Octal")).ToHaveValueAsync("0646");
        FakeInode fifth = Replace(app, 5);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await page.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);

        Assert.Same(fifth, Now(app));
        Assert.Equal(0x1A4u, fifth.Attributes.Mode & InodeAttributes.PermissionMask);
        Assert.Empty(app.Files.Trash.List(null, 10));
        Assert.Null(app.Files.Root.Directory!.Find(FileName.Create("renamed")));

        async Task ChooseAsync()
        {
            await row.Locator(".c-time").ClickAsync();
            await Expect(row).ToHaveAttributeAsync("aria-selected", "true");
        }
    }

    private static FakeInode Replace(OwnApp app, int size)
    {
        FakeInode other = app.Files.NewFile(size);
        app.Files.Root.Directory!.Put(Name, other);
        return other;
    }

    private static FakeInode? Now(OwnApp app) => app.Files.Root.Directory!.Find(Name);
}
