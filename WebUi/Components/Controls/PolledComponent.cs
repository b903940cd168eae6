using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Controls;

/// <summary>
/// Redraws at most once a period, and only when <see cref="Poll"/> says that something changed. Sources bump a counter
/// and never call components, so what happens ten thousand times a second is drawn ten times. A component that can wait for its source
/// (<see cref="Change"/>) draws the first change at once, and those after it at that pace.
/// </summary>
public abstract class PolledComponent : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _polling = Task.CompletedTask;

    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    protected virtual TimeSpan Period => TimeSpan.FromMilliseconds(100);

    protected CancellationToken Stopped => _stop.Token;

    /// <summary>What was waited for meanwhile comes too late.</summary>
    protected bool IsGone { get; private set; }

    public async ValueTask DisposeAsync()
    {
        IsGone = true;
        await _stop.CancelAsync();
        await DisposeCoreAsync();
        await _polling;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Completes when <see cref="Poll"/> may have something to say; null where only time tells.</summary>
    protected virtual Task? Change() => null;

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
            Task<bool> tick = timer.WaitForNextTickAsync(_stop.Token).AsTask();
            bool hasDrawn = true;
            while (true)
            {
                // What has just been drawn may change at once: the next look is a period later.
                if (!hasDrawn && Change() is { } change)
                    await Task.WhenAny(tick, change);
                else
                    await tick;
                if (!tick.IsCompleted)
                    timer.Period = Period;
                else if (await tick)
                    tick = timer.WaitForNextTickAsync(_stop.Token).AsTask();
                else
                    break;
                hasDrawn = Poll();
                if (hasDrawn)
                    StateHasChanged();
            }
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
