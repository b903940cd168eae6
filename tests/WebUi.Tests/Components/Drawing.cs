using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.WebUi.Tests.Components;

/// <summary>The markup that a component draws, without a browser.</summary>
internal static class Drawing
{
    public static async Task<string> OfAsync<T>(Dictionary<string, object?> parameters, Action<IServiceCollection>? add = null)
        where T : IComponent
    {
        ServiceCollection services = new();
        services.AddSingleton(TimeProvider.System);
        add?.Invoke(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        await using HtmlRenderer renderer = new(provider, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
