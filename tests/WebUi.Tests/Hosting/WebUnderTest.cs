using Capstan.ClientGateway;
using Capstan.WebUi.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.WebUi.Tests.Hosting;

/// <summary>The program as Program.cs composes it, in this process, on a data directory and a port of its own.</summary>
internal sealed class WebUnderTest : IAsyncDisposable
{
    private WebUnderTest(WebApplication app)
    {
        App = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public IFileSystemClient Client => App.Services.GetRequiredService<IFileSystemClient>();

    public static async Task<WebUnderTest> StartAsync(string data, params string[] arguments)
    {
        Assert.True(CommandLine.TryParse(["--data", data, "--listen", "http://127.0.0.1:0", .. arguments], out Dictionary<string, string?> settings, out _));
        WebApplicationBuilder builder = WebApplication.CreateBuilder(CommandLine.HostOptions(arguments));
        Assert.True(builder.TryConfigureCapstan(settings, out CapstanOptions? options));
        builder.AddCapstanGateway(options);
        builder.AddCapstanWeb(options);
        WebApplication app = builder.Build();
        app.MapCapstanWeb();
        await app.StartAsync();
        return new WebUnderTest(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
    }
}
