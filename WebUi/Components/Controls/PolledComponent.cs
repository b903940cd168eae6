using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Controls;

/// <summary>
/// Redraws at most once a period, and only when <see cref="Poll"/> says that something changed. Sources bump a counter
/// and never call components, so what happens ten thousand times a second is drawn ten times.
/// </summary>
public abstract class PolledComponent : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _polling = Task.CompletedTask;

    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    protected virtual TimeSpan Period => TimeSpan.FromMilliseconds(100);

    protected CancellationToken Stopped => _stop.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await DisposeCoreAsync();
        await _polling;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>True when what is drawn has changed. Runs on the circuit's dispatcher.</summary>
    protected abstract bool Poll();

    protected virtual ValueTask DisposeCoreAsync() => ValueTask.CompletedTask;

    protected override void OnInitialized()
    {
        Poll();
        _polling = PollAsync();
    }

    private async Task PollAsync()
    {
        using PeriodicTimer timer = new(Period, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                if (Poll())
                    StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }
}
