using Capstan.WebUi.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components.Layout;

/// <summary>Header, navigation and the page. The navigation lies over the page when there is little room.</summary>
public sealed partial class MainLayout : LayoutComponentBase
{
    private ErrorBoundary? _boundary;
    private bool _open;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string SkipTarget => Navigation.Uri.Split('#')[0] + "#content";

    protected override void OnParametersSet() => _boundary?.Recover();

    private void ToggleNavigation() => _open = !_open;

    private void CloseNavigation() => _open = false;

    private void Recover() => _boundary?.Recover();
}
