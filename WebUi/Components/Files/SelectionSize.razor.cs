using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Files;

/// <summary>The size of a selection of ranges, on demand. For one selection: another one has another component (by key).</summary>
public sealed partial class SelectionSize : PolledComponent
{
    private SelectionSum _sum = null!;
    private (string? Text, long Counted) _drawn;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Parameter, EditorRequired]
    public DirectoryViewModel Directory { get; set; } = null!;

    protected override void OnInitialized()
    {
        _sum = new SelectionSum(Client, Identity.Caller, Directory);
        base.OnInitialized();
    }

    protected override bool Poll()
    {
        (string?, long) now = (_sum.Text, _sum.Count?.ChangeCounter ?? -1);
        bool changed = now != _drawn;
        _drawn = now;
        return changed;
    }

    protected override ValueTask DisposeCoreAsync()
    {
        _sum.Dispose();
        return ValueTask.CompletedTask;
    }
}
