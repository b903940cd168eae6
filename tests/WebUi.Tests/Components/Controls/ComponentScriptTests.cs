using Capstan.WebUi.Components.Controls;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Tests.Components.Controls;

/// <summary>A component may go at any moment between asking for its script and having it attached.</summary>
public sealed class ComponentScriptTests
{
    private const string Address = "/js/any.js";

    private readonly Browser _browser = new();
    private readonly ComponentScript _script = new(Address);

    [Fact]
    public async Task Attach_InTime_CallsWhatTheModuleMade_AndLetsGoOfBothAtTheEnd()
    {
        Task<bool> attaching = _script.AttachAsync(_browser, "attach", 1);
        _browser.Answer("import", new Held(_browser, "module"));
        _browser.Answer("module.attach", new Held(_browser, "made"));
        Assert.True(await attaching);

        Task<int> asking = _script.AskAsync<int>("count");
        _browser.Answer("made.count", 3);
        Assert.Equal(3, await asking);

        Task ending = _script.DisposeAsync().AsTask();
        _browser.Answer("made.dispose", null);
        await ending;
        Assert.Equal(["made", "module"], _browser.LetGo);
        Assert.Equal(0, await _script.AskAsync<int>("count"));
    }

    [Fact]
    public async Task GoneBeforeTheModuleCame_ModuleIsLetGo_NothingIsAttached()
    {
        Task<bool> attaching = _script.AttachAsync(_browser, "attach");
        await _script.DisposeAsync();
        _browser.Answer("import", new Held(_browser, "module"));
        Assert.False(await attaching);
        Assert.False(_script.IsAttached);
        Assert.Equal(["module"], _browser.LetGo);
        Assert.Equal(["import"], _browser.Calls);
    }

    [Fact]
    public async Task GoneWhileItIsAttached_ItsEnd_IsCalledAllTheSame()
    {
        Task<bool> attaching = _script.AttachAsync(_browser, "attach");
        _browser.Answer("import", new Held(_browser, "module"));
        await _script.DisposeAsync();
        _browser.Answer("module.attach", new Held(_browser, "made"));
        _browser.Answer("made.dispose", null);
        Assert.False(await attaching);
        Assert.Equal(["module", "made"], _browser.LetGo);
    }

    public static TheoryData<Exception> LateFailures =>
    [
        new JSException("null is not an object: its element has gone"),
        new ObjectDisposedException("DotNetObjectReference"),
        new JSDisconnectedException("the circuit has ended"),
    ];

    [Theory]
    [MemberData(nameof(LateFailures))]
    public async Task GoneWhileItIsAttached_NothingToAttachTo_IsNoFailure(Exception failure)
    {
        Task<bool> attaching = _script.AttachAsync(_browser, "attach");
        _browser.Answer("import", new Held(_browser, "module"));
        await _script.DisposeAsync();
        _browser.Fail("module.attach", failure);
        Assert.False(await attaching);
    }

    [Fact]
    public async Task Failure_OfAComponentThatIsThere_IsHeard()
    {
        Task<bool> attaching = _script.AttachAsync(_browser, "attach");
        _browser.Answer("import", new Held(_browser, "module"));
        _browser.Fail("module.attach", new JSException("a mistake in the script"));
        await Assert.ThrowsAsync<JSException>(() => attaching);
    }

    [Fact]
    public async Task Call_BeforeTheScriptIsThere_DoesNothing()
    {
        await _script.CallAsync("focus");
        Assert.Null(await _script.AskAsync<double[]>("below"));
        Assert.Empty(_browser.Calls);
    }

    /// <summary>A line to the browser on which each answer is given by hand.</summary>
    private sealed class Browser : IJSRuntime
    {
        private readonly Dictionary<string, TaskCompletionSource<object?>> _open = [];

        public List<string> Calls { get; } = [];

        public List<string> LetGo { get; } = [];

        public void Answer(string call, object? value) => Take(call).SetResult(value);

        public void Fail(string call, Exception failure) => Take(call).SetException(failure);

        public async ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args)
        {
            if (identifier == "import")
                Assert.Equal(Address, Assert.Single(args!));
            Calls.Add(identifier);
            _open[identifier] = new TaskCompletionSource<object?>();
            return (T)(await _open[identifier].Task)!;
        }

        public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<T>(identifier, args);

        private TaskCompletionSource<object?> Take(string call)
        {
            Assert.True(_open.Remove(call, out TaskCompletionSource<object?>? taken), $"{call} was not called");
            return taken;
        }
    }

    private sealed class Held(Browser browser, string name) : IJSObjectReference
    {
        public ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args) => browser.InvokeAsync<T>($"{name}.{identifier}", args);

        public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<T>(identifier, args);

        public ValueTask DisposeAsync()
        {
            browser.LetGo.Add(name);
            return ValueTask.CompletedTask;
        }
    }
}
