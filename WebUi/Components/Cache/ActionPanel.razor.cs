using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Cache;

/// <summary>What can be done to the client. Nothing happens before its effect has been read and confirmed.</summary>
public sealed partial class ActionPanel : ComponentBase, IDisposable
{
    private const int LinesShown = 500;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _lines = [];
    private string _path = "/";
    private bool _subtree = true;
    private string _outcome = "";
    private IPathTrace? _trace;

    [Inject]
    private AdminActions Actions { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Parameter, EditorRequired]
    public IGatewayAdministration Gateway { get; set; } = null!;

    /// <summary>A trace goes on by itself.</summary>
    public void Tick()
    {
        if (_trace is not { } trace)
            return;
        _lines.AddRange(trace.Lines(_lines.Count));
        StateHasChanged();
    }

    /// <summary>For the rows of the tables: the same action on a row's folder.</summary>
    public void Choose(string path)
    {
        _path = path;
        _subtree = false;
        StateHasChanged();
    }

    public Task EvictAsync(string handle) => ConfirmAsync(
        $"Evict session {handle}?",
        $"The metadata server ends the session {handle}: its gateway loses its capabilities and begins anew, and what it has asked for and was not answered fails there.",
        "Evict", () => Actions.EvictAsync(handle, _stop.Token));

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _trace?.Dispose();
    }

    private Task DropAsync()
    {
        CacheExtent extent = Gateway.Measure(_path, _subtree);
        return ConfirmAsync(
            "Drop the cache?",
            $"{SizeText.Count(extent.Pages, "page")} ({SizeText.Bytes(extent.Bytes)}) of {Folders(extent)} at {Where} are forgotten. Who looks there next waits for the metadata server. Capabilities stay.",
            "Drop", () => Task.FromResult(Actions.Drop(_path, _subtree)));
    }

    private Task ReleaseAsync()
    {
        CacheExtent extent = Gateway.Measure(_path, _subtree);
        return ConfirmAsync(
            "Release capabilities?",
            $"{SizeText.Count(extent.Caps - extent.InUse, "cap record")} at {Where} are given back; {SizeText.Number(extent.InUse)} are in use and stay. Listings there are asked for again, and removals wait for their replies until the capabilities are back.",
            "Release", () => Task.FromResult(Actions.ReleaseCaps(_path, _subtree)));
    }

    private Task FlushAsync()
    {
        GatewaySnapshot now = Gateway.Figures();
        return ConfirmAsync(
            "Flush?",
            $"Waits until the {SizeText.Count(now.PendingOperations, "operation")} pending now are confirmed by the metadata server or have failed. Nothing is changed.",
            "Flush", () => Actions.FlushAsync(_stop.Token));
    }

    private Task ReconnectAsync() => ConfirmAsync(
        "Reconnect?",
        $"The connection to the metadata server is cut and made anew. The session resumes with its capabilities; {SizeText.Count(Gateway.Figures().RequestsInFlight, "request")} in flight are sent again and executed once.",
        "Reconnect", () => Task.FromResult(Actions.Reconnect()));

    private Task SetLimitsAsync(GatewayLimits limits) => ConfirmAsync(
        "Set limits?",
        $"From now on, until the program ends: memory {SizeText.Bytes(limits.PageBudgetBytes)} (in use {SizeText.Bytes(Gateway.Figures().CachedBytes)}; what is above is given up at once), readahead {SizeText.Count(limits.MaxReadaheadPages, "page")}, {SizeText.Number(limits.MaxInFlight)} requests in flight, {SizeText.Number(limits.MaxInFlightPerDirectory)} for one folder.",
        "Set", () => Task.FromResult(Actions.SetLimits(limits)));

    private async Task TraceAsync()
    {
        List<FileName> names = [];
        foreach (string part in _path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FileName.TryParse(part, out FileName name) != FsErrno.Ok)
            {
                _outcome = $"\"{part}\" is no name.";
                return;
            }
            names.Add(name);
        }
        await ConfirmAsync(
            "Trace the path?",
            $"For a minute every request, reply and capability message that touches {_path} is written down here. A trace that runs already ends.",
            "Trace", async () =>
            {
                FsResult<IPathTrace> trace = await Actions.TraceAsync(_path, names, _stop.Token);
                if (!trace.IsOk)
                    return ErrorText.Of(trace.Errno).Sentence;
                _trace?.Dispose();
                _trace = trace.Value;
                _lines.Clear();
                return $"Tracing {_path} for a minute.";
            });
    }

    private void CloseTrace()
    {
        _trace?.Dispose();
        _trace = null;
    }

    private async Task ConfirmAsync(string title, string effect, string button, Func<Task<string>> act)
    {
        object? confirmed = await Dialogs.AskAsync<ConfirmDialog>(title, new() { [nameof(ConfirmDialog.Effect)] = effect, [nameof(ConfirmDialog.Button)] = button });
        if (confirmed is not true)
            return;
        try
        {
            _outcome = await act();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return; // The page was left.
        }
        StateHasChanged();
    }

    private string Where => NameText.Visible(AdminActions.Where(_path, _subtree));

    private static string Folders(CacheExtent extent) => extent.Directories == 1 ? "1 folder" : $"{SizeText.Number(extent.Directories)} folders";
}
