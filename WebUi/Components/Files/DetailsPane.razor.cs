using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Files;

/// <summary>The pane beside the list; a sheet over it where there is little room.</summary>
public sealed partial class DetailsPane : PolledComponent
{
    private DetailsViewModel _details = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Parameter, EditorRequired]
    public FilesViewModel Files { get; set; } = null!;

    [Parameter]
    public EventCallback OnClose { get; set; }

    // Often enough for people to look at, seldom enough to describe a listing each time.
    protected override TimeSpan Period => TimeSpan.FromMilliseconds(250);

    private string Subject => _details.Entry is { } entry ? NameText.Of(entry.Name) : _details.SelectedCount > 1 ? "Selection" : "Folder";

    protected override void OnInitialized()
    {
        _details = new DetailsViewModel(Client, Identity.Caller);
        base.OnInitialized();
    }

    protected override bool Poll() => _details.Look(Files.Directory);

    protected override void OnParametersSet() => _details.Look(Files.Directory);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Files.Directory is { } directory && await _details.FetchAsync(directory.Directory, Stopped))
            StateHasChanged();
    }
}
