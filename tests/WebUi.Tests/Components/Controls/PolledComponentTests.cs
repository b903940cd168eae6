using Capstan.TestKit;
using Capstan.WebUi.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.WebUi.Tests.Components.Controls;

/// <summary>What a component draws of a source that can wake it: the first change at once, those after it at the pace.</summary>
public sealed class PolledComponentTests
{
    [Fact]
    public async Task Change_AtRest_IsDrawnAtOnce_TheNextOneWithTheTimer()
    {
        HandTimer time = new();
        Source source = new();
        await using ServiceProvider services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddSingleton(source).BuildServiceProvider();
        await using HtmlRenderer renderer = new(services, NullLoggerFactory.Instance);
        await renderer.Dispatcher.InvokeAsync(() => renderer.BeginRenderingComponent<Watching>());
        Assert.Equal((1, 0), (source.Looks, source.Waits));
        time.Fire();
        await Eventually.TrueAsync(() => source.Waits == 1, "the component to be at rest");

        source.Happen();
        await Eventually.TrueAsync(() => source.Drawn == 1, "the first change, which no timer tells of");
        source.Happen();
        Assert.Equal((3, 1), (source.Looks, source.Waits));

        time.Fire();
        await Eventually.TrueAsync(() => source.Drawn == 2, "the second change, at the pace");
        Assert.Equal((4, 1), (source.Looks, source.Waits));
        time.Fire();
        await Eventually.TrueAsync(() => source.Waits == 2, "the component to be at rest again");
    }

    private sealed class Watching : PolledComponent
    {
        [Inject]
        private Source Source { get; set; } = null!;

        protected override Task? Change() => Source.NextAsync();

        protected override bool Poll() => Source.Look();
    }

    private sealed class Source
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _happened;

        public int Looks { get; private set; }

        public int Drawn { get; private set; }

        public int Waits { get; private set; }

        public void Happen()
        {
            lock (_lock)
            {
                _happened++;
                _next.SetResult();
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public Task NextAsync()
        {
            lock (_lock)
            {
                Waits++;
                return _next.Task;
            }
        }

        public bool Look()
        {
            lock (_lock)
            {
                Looks++;
                bool isNew = Drawn < _happened;
                Drawn = _happened;
                return isNew;
            }
        }
    }

    /// <summary>A clock whose timer goes off by hand.</summary>
    private sealed class HandTimer : TimeProvider, ITimer
    {
        private Action? _fire;

        public void Fire() => _fire!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
